// A chart of a few shares, side by side.

import Bar from 'blessed-contrib/lib/widget/charts/bar.js';
import { type ChartSize, drawOffscreen } from './offscreen.ts';

const BAR_CELLS = 9;
const GAP_CELLS = 2;
const EDGE_CELLS = 2;
const BLANK_ROWS = 2; // that the widget leaves blank below the names

export interface BarChart {
  readonly bars: readonly { readonly name: string; readonly value: number }[];
  readonly max: number;
}

/** `size.rows` rows; as many bars as fit. */
export function barChart({ bars, max }: BarChart, size: ChartSize): string[] {
  const room = Math.floor((size.cols - EDGE_CELLS) / (BAR_CELLS + GAP_CELLS));
  const shown = bars.slice(0, Math.max(0, room));
  if (shown.length === 0 || size.rows < 4) return Array.from({ length: size.rows }, () => '');
  const rows = drawOffscreen(
    size,
    () =>
      new Bar({
        width: size.cols,
        height: size.rows + BLANK_ROWS,
        barWidth: BAR_CELLS,
        barSpacing: GAP_CELLS,
        xOffset: EDGE_CELLS,
        maxHeight: max,
        barBgColor: 'magenta',
        barFgColor: 'black',
        labelColor: 'white',
      }),
    (widget) =>
      widget.setData({
        titles: shown.map(({ name }) => name.slice(0, BAR_CELLS)),
        data: shown.map(({ value }) => Math.round(value)),
      }),
  );
  return rows.map(solid);
}

/** The widget draws bars as coloured blanks, which nobody sees without colours: make them blocks. */
function solid(row: string): string {
  return row.replace(/\x1b\[4(\d)(?:;3\d)?m( +)/g, (_, colour: string, blanks: string) => {
    return `\x1b[3${colour}m${'█'.repeat(blanks.length)}`;
  });
}
