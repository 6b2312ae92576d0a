// Takes a line of a `Screen` (printable text and SGR) apart into cells with their colours.

import stringWidth from 'string-width';
import { BACKGROUND, FOREGROUND, hex, indexedColour, mixed } from './palette.ts';

const DIM = 0.4; // how far dim text goes towards its background

export interface Style {
  readonly colour: string;
  /** `null` is the background of the window. */
  readonly background: string | null;
  readonly bold: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
}

export interface Cell {
  readonly x: number;
  /** 1 or 2. */
  readonly width: number;
  readonly text: string;
  readonly style: Style;
}

interface Rendition {
  colour?: string;
  background?: string;
  bold?: boolean;
  dim?: boolean;
  italic?: boolean;
  underline?: boolean;
  inverse?: boolean;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

export function cellsOf(line: string): Cell[] {
  const cells: Cell[] = [];
  let rendition: Rendition = {};
  let x = 0;
  // A pattern with a group splits into text, parameters, text, parameters, …
  for (const [index, part] of line.split(/\x1b\[([0-9;]*)m/).entries()) {
    if (index % 2 === 1) {
      rendition = after(rendition, part.split(';').map(Number));
      continue;
    }
    const style = styleOf(rendition);
    for (const { segment } of graphemes.segment(part)) {
      const width = Math.max(1, stringWidth(segment));
      cells.push({ x, width, text: segment, style });
      x += width;
    }
  }
  return cells;
}

function after(before: Rendition, parameters: readonly number[]): Rendition {
  let next = { ...before };
  for (let index = 0; index < parameters.length; index += 1) {
    const value = parameters[index] ?? 0;
    if (value === 0) next = {};
    else if (value === 1) next.bold = true;
    else if (value === 2) next.dim = true;
    else if (value === 3) next.italic = true;
    else if (value === 4) next.underline = true;
    else if (value === 7) next.inverse = true;
    else if (value === 38 || value === 48) {
      const isIndexed = parameters[index + 1] === 5;
      const [a = 0, b = 0, c = 0] = parameters.slice(index + 2);
      next[value === 38 ? 'colour' : 'background'] = isIndexed ? indexedColour(a) : hex(a, b, c);
      index += isIndexed ? 2 : 4;
    } else if (value >= 30 && value <= 37) next.colour = indexedColour(value - 30);
    else if (value >= 90 && value <= 97) next.colour = indexedColour(value - 82);
    else if (value >= 40 && value <= 47) next.background = indexedColour(value - 40);
    else if (value >= 100 && value <= 107) next.background = indexedColour(value - 92);
  }
  return next;
}

function styleOf({ colour, background, bold, dim, italic, underline, inverse }: Rendition): Style {
  const front = colour ?? FOREGROUND;
  const [ink, paper] = inverse === true ? [background ?? BACKGROUND, front] : [front, background ?? null];
  return {
    colour: dim === true ? mixed(ink, paper ?? BACKGROUND, DIM) : ink,
    background: paper,
    bold: bold === true,
    italic: italic === true,
    underline: underline === true,
  };
}
