// A window with boxes to tick, whichever program draws it.

import type { Scope } from '../../../protocol/scopes.ts';
import type { PromptQuestion } from '../../consent/prompter.ts';

export interface TickForm {
  readonly title: string;
  /** Above the boxes, without a word of anyone else. */
  readonly label: string;
  readonly markup: string;
  readonly offered: PromptQuestion['offered'];
  readonly ticked: ReadonlySet<Scope>;
  /** Then the window goes by itself. */
  readonly timeoutS: number;
}
