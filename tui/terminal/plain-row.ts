// The last door before the technician's terminal: of a row, only text and colours pass (promise 8).
//
// Remote text was sanitised before it got here. This is the second lock, for the day when somebody forgets the first.

import { endOfSequence, startsSequence } from '../../protocol/terminal/escape-sequence.ts';

/** Anything that is not printable or could reorder the row: C0, DEL, C1, bidi controls, line separators. */
const UNSAFE = /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;
const STYLE = /^\x1b\[[\d;:]{0,40}m$/;

/** SGR numbers that set no colour: reset, bold, dim, italic, underline, inverse, strike and their opposites. */
const COLOURLESS = new Set(['', '0', '1', '2', '3', '4', '7', '9', '22', '23', '24', '27', '29']);

/** `row` with nothing left that could act on a terminal; without `colour` also no colours, but bold and inverse stay. */
export function plainRow(row: string, colour: boolean): string {
  if (!UNSAFE.test(row)) return row;
  let out = '';
  let index = 0;
  while (index < row.length) {
    if (startsSequence(row.charCodeAt(index))) {
      const end = endOfSequence(row, index);
      out += style(row.slice(index, end), colour);
      index = end;
      continue;
    }
    const character = row.charAt(index);
    if (!UNSAFE.test(character)) out += character;
    index += 1;
  }
  return out;
}

function style(sequence: string, colour: boolean): string {
  if (!STYLE.test(sequence)) return '';
  if (colour) return sequence;
  const kept = withoutColours(sequence.slice(2, -1).split(';'));
  return kept.length === 0 ? '' : `\x1b[${kept.join(';')}m`;
}

/** `38;5;n` and `38;2;r;g;b` (also 48, 58) are skipped with their operands, lest an operand pass as bold. */
function withoutColours(numbers: readonly string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index < numbers.length; index += 1) {
    const number = numbers[index] ?? '';
    if (number === '38' || number === '48' || number === '58') index += numbers[index + 1] === '5' ? 2 : 4;
    else if (COLOURLESS.has(number)) kept.push(number);
  }
  return kept;
}
