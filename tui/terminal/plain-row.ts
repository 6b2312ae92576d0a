// The last door before the technician's terminal: of a row, only text and colours pass (promise 8).
//
// Remote text was sanitised before it got here. This is the second lock, for the day when somebody forgets the first.

import { endOfSequence, startsSequence } from '../../protocol/terminal/escape-sequence.ts';
import { colourless } from '../../protocol/terminal/sgr.ts';

/** Anything that is not printable or could reorder the row: C0, DEL, C1, bidi controls, line separators. */
const UNSAFE = /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;
const STYLE = /^\x1b\[[\d;]{0,60}m$/;

/** `row` with nothing left that could act on a terminal; without `colour` also no colours, but bold and inverse stay. */
export function plainRow(row: string, colour: boolean): string {
  if (!UNSAFE.test(row)) return row;
  let out = '';
  let index = 0;
  while (index < row.length) {
    if (startsSequence(row.charCodeAt(index))) {
      const end = endOfSequence(row, index);
      const sequence = row.slice(index, end);
      if (STYLE.test(sequence)) out += sequence;
      index = end;
      continue;
    }
    const character = row.charAt(index);
    if (!UNSAFE.test(character)) out += character;
    index += 1;
  }
  return colour ? out : colourless(out);
}
