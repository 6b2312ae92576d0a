// Measures, cuts and un-colours text that is already safe: sanitised, or a line of a `Screen` with its SGR.

import stringWidth from 'string-width';

const SGR = /\x1b\[([0-9;]*)m/g;
const RESET = '\x1b[0m';
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Without any SGR: plain text for files, `--json` and searching. */
export function unstyled(line: string): string {
  return line.includes('\x1b') ? line.replace(SGR, '') : line;
}

/** Without colours, as `NO_COLOR` asks (https://no-color.org); bold, underline, inverse and the like stay. */
export function colourless(line: string): string {
  if (!line.includes('\x1b')) return line;
  return line.replace(SGR, (sequence, parameters: string) => {
    const all = parameters === '' ? ['0'] : parameters.split(';');
    const kept = withoutColours(all);
    if (kept.length === all.length) return sequence;
    return kept.length === 0 ? '' : `\x1b[${kept.join(';')}m`;
  });
}

function withoutColours(parameters: readonly string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index < parameters.length; index += 1) {
    const value = Number(parameters[index]);
    if (value === 38 || value === 48 || value === 58) {
      // `38;5;n` or `38;2;r;g;b`
      index += parameters[index + 1] === '2' ? 4 : 2;
    } else if (value < 30) {
      kept.push(parameters[index] ?? '');
    }
  }
  return kept;
}

/** Cells that the text takes in a terminal, SGR not counted. */
export function cellWidth(text: string): number {
  return stringWidth(unstyled(text));
}

/**
 * The text in exactly `width` cells: filled up with spaces, or cut with `ellipsis` (itself at most `width` cells, else
 * left out). Styles are kept and reset before what is filled up. Where a wide character does not fit, a space stands.
 */
export function fitCells(text: string, width: number, ellipsis = '…'): string {
  if (width <= 0) return '';
  const taken = cellWidth(text);
  if (taken <= width) return endStyle(text) + ' '.repeat(width - taken);
  const end = stringWidth(ellipsis) <= width ? ellipsis : '';
  const room = width - stringWidth(end);
  const cut = cutCells(text, room);
  return `${cut.text}${end}${cut.styled ? RESET : ''}${' '.repeat(room - cut.width)}`;
}

/** The longest beginning that takes at most `room` cells; an ellipsis after it is still in its style. */
function cutCells(text: string, room: number): { text: string; width: number; styled: boolean } {
  let output = '';
  let width = 0;
  let styled = false;
  // A pattern with a group splits into text, parameters, text, parameters, …
  const parts = text.split(SGR);
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index] ?? '';
    if (index % 2 === 1) {
      output += `\x1b[${part}m`;
      styled = !isReset(part);
      continue;
    }
    const piece = plainCut(part, room - width);
    output += piece.text;
    width += piece.width;
    if (piece.text.length < part.length) break;
  }
  return { text: output, width, styled };
}

function plainCut(text: string, room: number): { text: string; width: number } {
  if (PRINTABLE_ASCII.test(text)) return { text: text.slice(0, room), width: Math.min(text.length, room) };
  let end = 0;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) {
    const more = stringWidth(segment);
    if (width + more > room) break;
    width += more;
    end += segment.length;
  }
  return { text: text.slice(0, end), width };
}

function endStyle(text: string): string {
  const last = text.lastIndexOf('\x1b[');
  if (last === -1) return text;
  const parameters = /^\x1b\[([0-9;]*)m/.exec(text.slice(last))?.[1] ?? '0';
  return isReset(parameters) ? text : text + RESET;
}

function isReset(parameters: string): boolean {
  return /^0*$/.test(parameters);
}
