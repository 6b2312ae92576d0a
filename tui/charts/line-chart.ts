// A chart of values over time.

import Line from 'blessed-contrib/lib/widget/charts/line.js';
import { type ChartSize, drawOffscreen } from './offscreen.ts';

/** Seen on black and on white grounds alike: `white` is drawn as the terminal's own colour of letters. */
const SERIES_COLOURS = ['magenta', 'white'] as const;

export interface Series {
  readonly name: string;
  /** Oldest first; at least one. */
  readonly values: readonly number[];
}

export interface LineChart {
  readonly series: readonly Series[];
  /** Top of the scale; left out, the largest value decides. The bottom is 0. */
  readonly max?: number;
  /** How many values the width stands for; older ones are left out, missing ones leave room on the right. */
  readonly span: number;
}

const BLANK_COLS = 6; // cells that the widget leaves blank at the right
const BLANK_ROWS = 4; // and below its baseline
const LABEL_CELLS = 5; // of the scale: `1000`, and a blank

/** `size.rows` rows; without room for a scale and a line, blank ones. */
export function lineChart({ series, max, span }: LineChart, size: ChartSize): string[] {
  if (size.cols < 12 || size.rows < 4) return Array.from({ length: size.rows }, () => '');
  const top = max ?? scale(Math.max(...series.flatMap(({ values }) => values)));
  return drawOffscreen(
    size,
    () =>
      new Line({
        width: size.cols + BLANK_COLS,
        height: size.rows + BLANK_ROWS,
        minY: 0,
        maxY: top,
        numYLabels: Math.max(1, Math.min(4, Math.floor(size.rows / 2))),
        xLabelPadding: LABEL_CELLS,
        xPadding: LABEL_CELLS * 2,
        style: { line: SERIES_COLOURS[0], text: 'white', baseline: 'white' },
      }),
    (widget) =>
      widget.setData(
        series.map(({ name, values }, index) => ({
          title: name,
          // The widget spreads as many points as there are labels; an empty label would be written as "null".
          x: Array.from({ length: span }, () => ' '),
          y: values.slice(-span).map((value) => Math.min(value, top * highestShare(size.rows))),
          style: { line: SERIES_COLOURS[index % SERIES_COLOURS.length] ?? SERIES_COLOURS[0] },
        })),
      ),
  );
}

/** The widget lifts its line two dots above the baseline, and so the top of the scale out of the picture. */
function highestShare(rows: number): number {
  const dots = (rows + BLANK_ROWS) * 4 - 8 - 11; // its canvas, less what it keeps for labels (widget/charts/line.js)
  return (dots - 2) / dots;
}

/** A round number a little above `largest`, so that the scale does not change with every value. */
export function scale(largest: number): number {
  if (!(largest > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(largest));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= largest) ?? 10;
  return step * power;
}
