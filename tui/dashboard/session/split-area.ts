// A list and what belongs to its mark: side by side where there is room, else one above the other.

import { fitCells } from '../../../protocol/terminal/sgr.ts';
import type { Size } from '../../terminal/frame.ts';
import { paint } from '../../theme.ts';

const SIDE_BY_SIDE_COLS = 100;
const NARROW_COLS = 80;
const GLANCE_ROWS = 4; // title and purpose of what is marked
const WIDEST_LIST = 34; // cells; titles of diagnostics are not longer
const LIST_SHARE = 0.45; // of the width, side by side
const DETAIL_SHARE = 0.4; // of the height, one above the other

export interface SplitArea {
  readonly list: Size;
  readonly detail: Size;
  /** Both parts as rows of the whole area. */
  readonly join: (list: readonly string[], detail: readonly string[]) => string[];
}

export function splitArea({ cols, rows }: Size): SplitArea {
  return cols >= SIDE_BY_SIDE_COLS ? beside(cols, rows, Math.floor(cols * LIST_SHARE)) : above(cols, rows);
}

function beside(cols: number, rows: number, listCols: number): SplitArea {
  const list = { cols: listCols, rows };
  const detail = { cols: cols - list.cols - 3, rows };
  return {
    list,
    detail,
    join: (left, right) =>
      Array.from(
        { length: rows },
        (_, y) =>
          `${fitCells(left[y] ?? '', list.cols)} ${paint('muted', '│')} ${fitCells(right[y] ?? '', detail.cols)}`,
      ),
  };
}

export interface BesideArea {
  readonly list: Size;
  readonly detail: Size;
  /** @param inDetail where there is no room for both, which one to show */
  readonly join: (list: readonly string[], detail: readonly string[], inDetail: boolean) => string[];
}

/** A list beside what belongs to its mark; narrow screens show the list with a few rows of it, or all of it. */
export function besideArea({ cols, rows }: Size): BesideArea {
  if (cols < NARROW_COLS) {
    const glance = Math.min(GLANCE_ROWS, Math.max(0, rows - 4));
    const list = { cols, rows: Math.max(1, rows - glance - 1) };
    return {
      list,
      detail: { cols, rows },
      join: (upper, detail, inDetail) =>
        inDetail
          ? [...detail]
          : [
              ...Array.from({ length: list.rows }, (_, y) => upper[y] ?? ''),
              paint('muted', '─'.repeat(cols)),
              ...detail.slice(0, glance),
            ],
    };
  }
  return beside(cols, rows, Math.min(WIDEST_LIST, Math.floor(cols * LIST_SHARE)));
}

function above(cols: number, rows: number): SplitArea {
  const lower = Math.max(1, Math.floor(rows * DETAIL_SHARE));
  const list = { cols, rows: Math.max(1, rows - lower - 1) };
  const detail = { cols, rows: lower };
  return {
    list,
    detail,
    join: (upper, under) => [
      ...Array.from({ length: list.rows }, (_, y) => upper[y] ?? ''),
      paint('muted', '─'.repeat(cols)),
      ...under.slice(0, lower),
    ],
  };
}
