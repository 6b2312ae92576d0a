// One picture of a shell, as a watcher gets it: text and colours, never the bytes that drew it (promise 8).

import type { Screen } from '../../protocol/terminal/screen.ts';

export interface MirrorFrame {
  readonly cols: number;
  readonly rows: number;
  /** Exactly `rows` rows of printable text and SGR, each reset at its end, from the top. */
  readonly lines: readonly string[];
  /** From 0. */
  readonly cursor: { readonly x: number; readonly y: number; readonly visible: boolean };
}

export function frameOf(screen: Screen): MirrorFrame {
  return { cols: screen.cols, rows: screen.rows, lines: screen.lines(), cursor: screen.cursor };
}

/** What a shell shows before it has said anything. */
export function blankFrame(cols: number, rows: number): MirrorFrame {
  return { cols, rows, lines: Array.from({ length: rows }, () => ''), cursor: { x: 0, y: 0, visible: true } };
}

export function isSameFrame(a: MirrorFrame, b: MirrorFrame): boolean {
  return (
    a.cols === b.cols &&
    a.rows === b.rows &&
    a.cursor.x === b.cursor.x &&
    a.cursor.y === b.cursor.y &&
    a.cursor.visible === b.cursor.visible &&
    a.lines.every((line, row) => line === b.lines[row])
  );
}
