// Writes one row of the emulator's buffer as printable text and SGR, and nothing else.

import type { IBufferCell, IBufferLine } from '@xterm/headless';
import { cellText } from './cell-text.ts';

const RESET = '\x1b[0m';

export interface RowOptions {
  /** Cells to write at most. */
  readonly cols: number;
  /** Scratch space from `buffer.getNullCell()`. */
  readonly cell: IBufferCell;
  /** `false` leaves all SGR out. */
  readonly styled: boolean;
}

/** The row with its blank end cut off and, where styled, reset at its end. */
export function rowText(line: IBufferLine, { cols, cell, styled }: RowOptions): string {
  let output = '';
  let blanks = '';
  let style = '';
  let next = 0;
  for (let x = 0; x < cols; x += 1) {
    if (line.getCell(x, cell) === undefined) break;
    const width = cell.getWidth();
    if (width === 0 && x < next) continue;
    const text = textOf(cell, width, cols - x);
    next = x + Math.max(1, width);
    const wanted = !styled || cell.isAttributeDefault() ? '' : styleOf(cell);
    if (wanted !== style) {
      output += `${blanks}${wanted === '' ? RESET : `\x1b[0;${wanted}m`}`;
      blanks = '';
      style = wanted;
    }
    if (style === '' && text === ' ') {
      blanks += ' ';
      continue;
    }
    output += blanks + text;
    blanks = '';
  }
  return style === '' ? output : output + RESET;
}

function textOf(cell: IBufferCell, width: number, room: number): string {
  const content = cell.getChars();
  if (content === '') return ' ';
  if (content.length === 1 && width === 1 && content >= ' ' && content <= '~') return content;
  return cellText(content, Math.max(1, Math.min(width, room)));
}

/**
 * SGR parameters of a cell. Concealed text (SGR 8) is shown: neither person can hide something from the other.
 * Blinking is left out, because it distracts.
 */
function styleOf(cell: IBufferCell): string {
  let style = '';
  if (cell.isBold()) style += ';1';
  if (cell.isDim()) style += ';2';
  if (cell.isItalic()) style += ';3';
  if (cell.isUnderline()) style += ';4';
  if (cell.isInverse()) style += ';7';
  if (cell.isStrikethrough()) style += ';9';
  if (cell.isFgPalette()) style += paletteColour(cell.getFgColor(), 30);
  else if (cell.isFgRGB()) style += trueColour(cell.getFgColor(), 38);
  if (cell.isBgPalette()) style += paletteColour(cell.getBgColor(), 40);
  else if (cell.isBgRGB()) style += trueColour(cell.getBgColor(), 48);
  return style.slice(1);
}

function paletteColour(colour: number, base: 30 | 40): string {
  if (colour < 8) return `;${base + colour}`;
  return colour < 16 ? `;${base + 60 + colour - 8}` : `;${base + 8};5;${colour}`;
}

function trueColour(colour: number, base: 38 | 48): string {
  return `;${base};2;${(colour >> 16) & 255};${(colour >> 8) & 255};${colour & 255}`;
}
