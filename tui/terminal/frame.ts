// What is on the screen, and the fewest bytes that turn one screen into the next. Pure: no terminal, no clock.

import { agreedWidth } from './agreed-width.ts';
import { plainRow } from './plain-row.ts';
import { ERASE_TO_END, eraseCells, moveTo, RESET_STYLE } from './sequences.ts';

export interface Size {
  readonly cols: number;
  readonly rows: number;
}

/** A rectangle in cells; `x` and `y` count from 0 at the top left. */
export interface Rect extends Size {
  readonly x: number;
  readonly y: number;
}

/** Rows laid over the base in a rectangle: a shell, a chart, a notice. Each row must fit the rectangle's width. */
export interface Overlay {
  readonly rect: Rect;
  readonly rows: readonly string[];
}

/** A whole screen. Overlays lie over `rows` in their order, the last on top. */
export interface Frame {
  readonly size: Size;
  readonly rows: readonly string[];
  readonly overlays: readonly Overlay[];
  /** Where the real cursor stands, or null to hide it. */
  readonly cursor: { readonly x: number; readonly y: number } | null;
}

/** A piece of one row as it is on screen. Two equal lists of spans look the same. */
interface Span {
  readonly x: number;
  readonly width: number;
  readonly text: string;
}

export type PaintedRow = readonly Span[];

/** The spans of each row of the screen, filtered to what may be printed. */
export function paintedRows(frame: Frame, colour: boolean): PaintedRow[] {
  const { cols, rows } = frame.size;
  const painted: Span[][] = [];
  for (let y = 0; y < rows; y += 1) {
    painted.push([{ x: 0, width: cols, text: plainRow(frame.rows[y] ?? '', colour) }]);
  }
  for (const { rect, rows: lines } of frame.overlays) {
    const width = Math.min(rect.cols, cols - rect.x);
    if (width <= 0 || rect.x < 0) continue;
    for (let line = 0; line < rect.rows; line += 1) {
      painted[rect.y + line]?.push({ x: rect.x, width, text: plainRow(lines[line] ?? '', colour) });
    }
  }
  return painted;
}

/** What to write so that `before` (null: unknown) becomes `after`, one string per row that differs. */
export function rowChanges(before: readonly PaintedRow[] | null, after: readonly PaintedRow[], cols: number): string[] {
  const changes: string[] = [];
  for (const [y, row] of after.entries()) {
    const from = firstDifference(before?.[y], row);
    let change = '';
    for (const span of row.slice(from)) change += paint(span, y, cols);
    if (change !== '') changes.push(change);
  }
  return changes;
}

/** Index of the first span to paint again; those below it are still on screen. */
function firstDifference(before: PaintedRow | undefined, after: PaintedRow): number {
  // A span that went away uncovers what lay beneath: only the whole row is right.
  if (before === undefined || before.length > after.length) return 0;
  if (before.some((old, index) => old.x !== after[index]?.x || old.width !== after[index]?.width)) return 0;
  const changed = after.findIndex((span, index) => span.text !== before[index]?.text);
  return changed === -1 ? after.length : changed;
}

function paint(span: Span, y: number, cols: number): string {
  const start = moveTo(span.x, y) + RESET_STYLE;
  const text = span.text.includes('\x1b') ? span.text + RESET_STYLE : span.text;
  const width = agreedWidth(span.text);
  if (width === span.width) return start + text;
  const toEdge = span.x + span.width >= cols;
  // Null: terminals may disagree on the width, so blank the cells first instead of what is left afterwards.
  if (width === null) return start + (toEdge ? ERASE_TO_END : eraseCells(span.width)) + text;
  if (width > span.width) return start + text;
  return start + text + (toEdge ? ERASE_TO_END : eraseCells(span.width - width));
}
