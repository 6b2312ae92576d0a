// Charts on a page: as many as are still readable, side by side and one above the other.

import { fitCells } from '../../protocol/terminal/sgr.ts';
import type { Size } from '../terminal/frame.ts';
import { paint } from '../theme.ts';
import type { VitalsChart } from './vitals.ts';

const LEAST_COLS = 38; // of a chart that is still readable
const LEAST_ROWS = 8; // its line of words included
const GAP = 2; // cells between charts

export interface Page {
  /** How many charts one page takes. */
  readonly capacity: number;
  readonly columns: number;
  readonly chart: Size;
}

export function pageFor({ cols, rows }: Size, charts: number): Page {
  const columns = Math.max(1, Math.min(2, Math.floor((cols + GAP) / (LEAST_COLS + GAP)), charts));
  const lines = Math.max(1, Math.min(Math.floor(rows / LEAST_ROWS), Math.ceil(charts / columns)));
  return {
    capacity: columns * lines,
    columns,
    chart: { cols: Math.floor((cols - GAP * (columns - 1)) / columns), rows: Math.floor(rows / lines) },
  };
}

/** The page that begins with chart `first` (which goes round), as rows of the whole area. */
export function pageRows(charts: readonly VitalsChart[], first: number, area: Size): string[] {
  const { capacity, columns, chart } = pageFor(area, charts.length);
  const shown = Array.from(
    { length: Math.min(capacity, charts.length) },
    (_, index) => charts[(first + index) % charts.length],
  );
  const blocks = shown.map((one) => (one === undefined ? [] : chartRows(one, chart)));
  const rows: string[] = [];
  for (let line = 0; line * columns < blocks.length; line += 1) {
    const beside = blocks.slice(line * columns, (line + 1) * columns);
    for (let y = 0; y < chart.rows; y += 1) {
      rows.push(beside.map((block) => fitCells(block[y] ?? '', chart.cols)).join(' '.repeat(GAP)));
    }
  }
  return rows.slice(0, area.rows);
}

function chartRows({ title, summary, draw }: VitalsChart, { cols, rows }: Size): string[] {
  const words = fitCells(summary, Math.max(0, cols - title.length - 4));
  return [` ${paint('title', title)}  ${words}`, ...draw({ cols, rows: rows - 1 })];
}
