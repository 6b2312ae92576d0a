// The technician's screen in the room that the local window has: cut where the cursor is not, and said so.

import type { MirrorFrame } from '../mirror/frame.ts';
import type { Size } from '../terminal/local-terminal.ts';
import { cropRow } from './crop-row.ts';

export interface FramePicture {
  /** Exactly as many as there is room for. */
  readonly rows: readonly string[];
  readonly cursor: { readonly x: number; readonly y: number } | null;
  /** That only a part is shown, in a few words; empty when all of it is. */
  readonly note: string;
}

export function framePicture(frame: MirrorFrame, room: Size, colour: boolean): FramePicture {
  const { cols, rows, lines, cursor } = frame;
  // The last row that holds anything counts: a large empty screen needs no room.
  const used = Math.min(rows, Math.max(cursor.y + 1, lines.findLastIndex((line) => line.trim() !== '') + 1));
  const top = Math.max(0, Math.min(Math.max(cursor.y + 1, 0), used) - room.rows);
  const left = cursor.x < room.cols ? 0 : Math.max(0, Math.min(cursor.x + 1, cols) - room.cols);
  const shown = Array.from({ length: room.rows }, (_, y) =>
    top + y < used ? cropRow(lines[top + y] ?? '', left, room.cols, colour) : '',
  );
  const { x, y } = { x: cursor.x - left, y: cursor.y - top };
  const inSight = cursor.visible && x >= 0 && x < room.cols && y >= 0 && y < room.rows;
  return { rows: shown, cursor: inSight ? { x, y } : null, note: noteFor(frame, room, used) };
}

function noteFor({ cols, rows }: MirrorFrame, room: Size, used: number): string {
  const wide = cols > room.cols;
  const tall = used > room.rows;
  if (!wide && !tall) return '';
  const size = `theirs is ${cols}×${rows}`;
  if (wide && tall) return `a part of it: ${size}`;
  return wide ? `without its right edge: ${size}` : `without its upper lines: ${size}`;
}
