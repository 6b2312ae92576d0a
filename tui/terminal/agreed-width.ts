// How many cells a row takes, where every terminal agrees; a row of our own is nearly always of that kind.

import { unstyled } from '../../protocol/terminal/sgr.ts';

/** Latin, Greek, Cyrillic and what we draw with: arrows to box drawing, blocks, shapes, braille. One cell each. */
const AGREED =
  /^[\x20-\x7e\xa1-\xac\xae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u2190-\u2199\u2500-\u25ff\u2800-\u28ff]*$/;

/** Cells that `row` (text and SGR) takes, or null when terminals could disagree (wide, combining, emoji). */
export function agreedWidth(row: string): number | null {
  const text = unstyled(row);
  return AGREED.test(text) ? text.length : null;
}
