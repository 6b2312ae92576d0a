// The help: every key of the table, the places that matter now first.

import { fitCells } from '../../protocol/terminal/sgr.ts';
import { BINDINGS, keyLabel, PLACES, type Place } from '../bindings.ts';
import { paint } from '../theme.ts';

const KEY_CELLS = 24;

/** Rows of exactly `cols` cells. */
export function helpRows(here: readonly Place[], cols: number): string[] {
  const others = (Object.keys(PLACES) as Place[]).filter((place) => !here.includes(place));
  const rows: string[] = [];
  for (const place of [...here, ...others]) {
    const bindings = BINDINGS.filter(({ where }) => where === place);
    if (bindings.length === 0) continue;
    if (rows.length > 0) rows.push('');
    rows.push(paint('title', fitCells(` ${PLACES[place]}`, cols)));
    for (const { keys, words } of bindings) {
      const label = fitCells(`   ${keys.map(keyLabel).join(', ')}`, KEY_CELLS);
      rows.push(paint('accent', label) + fitCells(` ${words}`, Math.max(0, cols - KEY_CELLS)));
    }
  }
  return rows;
}
