// What the keys do, as the last rows of a screen: no key that works is hidden at the edge of a narrow window.

import { cellWidth } from '../../protocol/terminal/sgr.ts';
import { type Line, type Piece, plainText } from './line.ts';

const BETWEEN = '  ';

export type KeyHint = readonly [Piece, string];

export function key(name: string, what: string): KeyHint {
  return [{ text: ` ${name} `, as: 'focus' }, ` ${what}`];
}

/** In as many rows of `width` cells as they need, up to `most`; what has no room then is cut off at the right. */
export function keyRows(keys: readonly KeyHint[], margin: string, width: number, most: number): Line[] {
  const rows: (Piece | string)[][] = [[margin]];
  for (const hint of keys) {
    const row = rows.at(-1) ?? [];
    const further = row.length > 1 ? [BETWEEN, ...hint] : hint;
    const isFull = cellWidth(plainText([...row, ...further])) > width;
    if (isFull && row.length > 1 && rows.length < most) rows.push([margin, ...hint]);
    else row.push(...further);
  }
  return rows;
}
