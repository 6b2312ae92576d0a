// Where things stand on the screen, for every size. Panes that are drawn without Ink need it before Ink knows.

import { SMALLEST } from '../terminal/capabilities.ts';
import type { Rect, Size } from '../terminal/frame.ts';

export const BANNER_ROWS = 2; // who and how long; what is allowed and recorded
const TAB_ROWS = 1;
const KEY_ROWS = 1;
const TITLE_ROWS = 1;

export function tooSmall({ cols, rows }: Size): boolean {
  return cols < SMALLEST.cols || rows < SMALLEST.rows;
}

/** What is laid out, unseen, for a window that is too small. */
export function atLeastSmallest({ cols, rows }: Size): Size {
  return { cols: Math.max(cols, SMALLEST.cols), rows: Math.max(rows, SMALLEST.rows) };
}

/** The part between the tabs of a session and the key bar. */
export function sessionBody({ cols, rows }: Size): Rect {
  const top = BANNER_ROWS + TAB_ROWS;
  return { x: 0, y: top, cols, rows: Math.max(1, rows - top - KEY_ROWS) };
}

/** The part between the title of any other screen and the key bar. */
export function screenBody({ cols, rows }: Size): Rect {
  return { x: 0, y: TITLE_ROWS, cols, rows: Math.max(1, rows - TITLE_ROWS - KEY_ROWS) };
}

/** `inner` in the middle of `outer`, cut to fit. */
export function centred(inner: Size, outer: Rect): Rect {
  const cols = Math.min(inner.cols, outer.cols);
  const rows = Math.min(inner.rows, outer.rows);
  return {
    x: outer.x + Math.floor((outer.cols - cols) / 2),
    y: outer.y + Math.floor((outer.rows - rows) / 2),
    cols,
    rows,
  };
}
