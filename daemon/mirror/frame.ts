// One picture of a shell for the local user: text and colours only, never what the remote program wrote.

import type { Cursor } from '../../protocol/terminal/screen.ts';

export interface MirrorFrame {
  readonly cols: number;
  readonly rows: number;
  /** Exactly `rows` strings of printable text and SGR. */
  readonly lines: readonly string[];
  readonly cursor: Cursor;
}
