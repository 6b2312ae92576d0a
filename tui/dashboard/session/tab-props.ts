// What every tab of a session gets.

import type { Rect } from '../../terminal/frame.ts';
import type { SessionPort } from '../ports.ts';

export interface TabProps {
  readonly session: SessionPort;
  /** The tab's place on the screen. */
  readonly area: Rect;
  readonly visible: boolean;
  /** False while the session is paused or over, or a question is open. */
  readonly active: boolean;
}
