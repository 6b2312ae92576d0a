// A row of a screen as data: pieces of text with a meaning. Only here do they become characters and colours, and
// only here does outside text reach the local user's terminal, so only here is it sanitised.

import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';
import { cellWidth, fitCells } from '../../protocol/terminal/sgr.ts';

/** Why a piece looks as it does. No meaning is told by colour alone: the words always say it too. */
export type Meaning = 'bar' | 'strong' | 'muted' | 'danger' | 'warning' | 'good' | 'focus';

export interface Piece {
  readonly text: string;
  readonly as?: Meaning;
}

/** Strings are plain pieces. */
export type Line = readonly (Piece | string)[];

/**
 * SGR parameters: `colour` from the 16 that every terminal has, `mono` for NO_COLOR. Bright ones carry black letters:
 * yellow, green or cyan letters cannot be read on white, which is how xterm and others begin.
 */
export const STYLES: Readonly<Record<Meaning, { readonly colour: string; readonly mono: string }>> = {
  bar: { colour: '1;7', mono: '1;7' },
  strong: { colour: '1', mono: '1' },
  muted: { colour: '2', mono: '2' },
  danger: { colour: '1;31', mono: '1' },
  warning: { colour: '30;43', mono: '1' },
  good: { colour: '30;42', mono: '1' },
  focus: { colour: '7', mono: '7' },
};

const PIECE_MAX = 2000; // characters; wider than any terminal

/** The line in at most `width` cells, as a terminal takes it. A line that begins with a `bar` fills the width. */
export function renderLine(line: Line, width: number, colour: boolean): string {
  let output = '';
  let room = width;
  for (const piece of line) {
    const { text, as } = typeof piece === 'string' ? { text: piece, as: undefined } : piece;
    if (room <= 0) break;
    const safe = sanitiseLine(text, PIECE_MAX);
    const shown = cellWidth(safe) <= room ? safe : fitCells(safe, room);
    room -= cellWidth(shown);
    output += as === undefined ? shown : styled(shown, as, colour);
  }
  const first = line[0];
  const isBar = typeof first === 'object' && first.as === 'bar';
  return isBar && room > 0 ? output + styled(' '.repeat(room), 'bar', colour) : output;
}

/** The same without any style, for programs that read aloud and for tests. */
export function plainText(line: Line): string {
  return line.map((piece) => sanitiseLine(typeof piece === 'string' ? piece : piece.text, PIECE_MAX)).join('');
}

function styled(text: string, as: Meaning, colour: boolean): string {
  const { [colour ? 'colour' : 'mono']: parameters } = STYLES[as];
  return `\x1b[${parameters}m${text}\x1b[0m`;
}

/** `left` at the left edge and `right` at the right one; when there is no room for both, `left` alone. */
export function spread(left: Line, right: Line, width: number): Line {
  const gap = width - cellWidth(plainText(left)) - cellWidth(plainText(right));
  return gap < 1 ? left : [...left, ' '.repeat(gap), ...right];
}

/** A title across the top, in reverse video: what this screen is, and where. */
export function bar(left: string, right: string, width: number): Line {
  const [title, place] = [sanitiseLine(` ${left} `), sanitiseLine(` ${right} `)];
  const gap = width - cellWidth(title) - cellWidth(place);
  if (right === '' || gap < 0) return [{ text: title, as: 'bar' }];
  return [{ text: title + ' '.repeat(gap) + place, as: 'bar' }];
}
