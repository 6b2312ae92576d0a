// Whether the help lies over the screen; what draws itself without Ink must not draw then.

import { createContext } from 'react';

export interface HelpState {
  readonly shown: boolean;
  readonly close: () => void;
}

export const HelpContext = createContext<HelpState>({ shown: false, close: () => {} });
