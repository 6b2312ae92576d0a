// Cuts a piece out of a row of the technician's screen, and lets nothing but text and colours through to the local
// user's terminal, whatever the frame holds.

import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';
import { cellWidth, colourless } from '../../protocol/terminal/sgr.ts';

const SGR = /\x1b\[([0-9;]{0,100})m/;
const ROW_MAX = 64 * 1024; // characters of one row
const RESET = '\x1b[0m';
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The cells `from` … `from + width - 1` of `row` (text and SGR), reset at its end. Half a wide character is a space. */
export function cropRow(row: string, from: number, width: number, colour: boolean): string {
  let output = '';
  let style = '';
  let column = 0;
  // A pattern with a group splits into text, parameters, text, parameters, …
  for (const [index, part] of row.slice(0, ROW_MAX).split(SGR).entries()) {
    if (index % 2 === 1) {
      style = colour ? `\x1b[${part}m` : colourless(`\x1b[${part}m`);
      if (column >= from) output += style;
      else if (style !== '') output = mergeStyle(output, part, style);
      continue;
    }
    for (const { segment } of graphemes.segment(sanitiseLine(part, ROW_MAX))) {
      const cells = cellWidth(segment);
      const end = column + cells;
      if (end > from + width) return output + ' '.repeat(Math.max(0, from + width - Math.max(column, from))) + RESET;
      if (column >= from) output += segment;
      else if (end > from) output += ' '.repeat(end - from);
      column = end;
    }
  }
  return output === '' ? '' : output + RESET;
}

/** What is left of the piece is not drawn, but its style goes on. */
function mergeStyle(pending: string, parameters: string, style: string): string {
  return /^0?(;|$)/.test(parameters) ? style : pending + style;
}
