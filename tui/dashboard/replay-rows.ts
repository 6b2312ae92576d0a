// The row that shows where a replay stands, and which rows of a screen that is taller than the window.

import { cellWidth, fitCells, unstyled } from '../../protocol/terminal/sgr.ts';
import { paint } from '../theme.ts';
import { countdown } from './phrases.ts';
import type { Doubt } from './ports.ts';

export interface ReplayStanding {
  readonly position: number;
  readonly duration: number;
  readonly playing: boolean;
  readonly speed: number;
  readonly markers: readonly { readonly at: number; readonly label: string }[];
}

/** `▶ 0:12 ━━━━━◆━────── 1:30  2×`, exactly `cols` cells. */
export function replayRow({ position, duration, playing, speed, markers }: ReplayStanding, cols: number): string {
  const left = ` ${playing ? '▶' : '‖'} ${countdown(position)} `;
  const right = ` ${countdown(duration)}  ${speed}× `;
  const width = cols - cellWidth(left) - cellWidth(right);
  if (width < 5) return fitCells(left + right, cols);
  const place = (at: number) => (duration === 0 ? 0 : Math.min(width - 1, Math.floor((at / duration) * width)));
  const marked = new Set(markers.map(({ at }) => place(at)));
  const full = duration === 0 ? width : Math.round((position / duration) * width);
  const bar = Array.from({ length: width }, (_, x) => (marked.has(x) ? '◆' : x < full ? '━' : '─'));
  return left + paint('accent', bar.slice(0, full).join('')) + paint('muted', bar.slice(full).join('')) + right;
}

/** What is to be known of a recording before anyone believes it; no row when there is no doubt. */
export function doubtRows(doubt: Doubt | null, cols: number): readonly string[] {
  return doubt === null ? [] : [paint(doubt.grave ? 'danger' : 'warning', fitCells(` ${doubt.words}`, cols))];
}

/** How many rows of a recorded screen stay above `room` rows: its last text is seen, and the cursor in any case. */
export function rowsAbove(lines: readonly string[], cursor: number | null, room: number): number {
  const written = lines.findLastIndex((line) => unstyled(line).trim() !== '');
  const last = Math.max(written, cursor ?? 0);
  return Math.max(0, Math.min(last + 1 - room, cursor ?? Infinity));
}
