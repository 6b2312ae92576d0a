// Whether something lies over the screen; what draws itself without Ink must not draw then.

import { createContext } from 'react';

export interface HelpState {
  readonly shown: boolean;
  /** The window is too small to show anything. */
  readonly small: boolean;
  readonly close: () => void;
}

export const HelpContext = createContext<HelpState>({ shown: false, small: false, close: () => {} });
