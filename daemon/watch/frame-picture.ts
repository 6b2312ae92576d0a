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
  const filled = lines.findLastIndex((line) => line.trim() !== '') + 1;
  // A program that hides its cursor draws whole screens, and the top of those says most.
  const used = Math.min(rows, cursor.visible ? Math.max(cursor.y + 1, filled) : filled);
  const top = cursor.visible ? Math.max(0, Math.min(cursor.y + 1, used) - room.rows) : 0;
  const left = !cursor.visible || cursor.x < room.cols ? 0 : Math.max(0, Math.min(cursor.x + 1, cols) - room.cols);
  const shown = Array.from({ length: room.rows }, (_, y) =>
    top + y < used ? cropRow(lines[top + y] ?? '', left, room.cols, colour) : '',
  );
  const { x, y } = { x: cursor.x - left, y: cursor.y - top };
  const inSight = cursor.visible && x >= 0 && x < room.cols && y >= 0 && y < room.rows;
  return { rows: shown, cursor: inSight ? { x, y } : null, note: noteFor(frame, room, used, top) };
}

function noteFor({ cols, rows }: MirrorFrame, room: Size, used: number, top: number): string {
  const wide = cols > room.cols;
  const tall = used > room.rows;
  if (!wide && !tall) return '';
  const size = `theirs is ${cols}×${rows}`;
  if (wide && tall) return `a part of it: ${size}`;
  if (wide) return `without its right edge: ${size}`;
  return `without its ${top > 0 ? 'upper' : 'lower'} lines: ${size}`;
}
