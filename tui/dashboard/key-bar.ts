// The last row of every screen: which keys do something now.

import { cellWidth, fitCells } from '../../protocol/terminal/sgr.ts';
import { paint } from '../theme.ts';

export interface KeyHint {
  readonly key: string;
  readonly words: string;
}

/** As many hints as fit into `cols`, the first ones first; whole ones only. */
export function keyBarRow(hints: readonly KeyHint[], cols: number): string {
  let row = '';
  let left = cols - 1;
  for (const { key, words } of hints) {
    const width = cellWidth(key) + 1 + cellWidth(words);
    const gap = row === '' ? 0 : 2;
    if (width + gap > left) continue;
    row += `${' '.repeat(gap)}${paint('accent', key)} ${words}`;
    left -= width + gap;
  }
  return fitCells(` ${row}`, cols);
}
