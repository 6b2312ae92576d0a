import { describe, expect, it } from 'vitest';
import type { MirrorFrame } from '../mirror/frame.ts';
import { framePicture } from './frame-picture.ts';

const frame = (lines: readonly string[], cursor: MirrorFrame['cursor'], cols = 20): MirrorFrame => ({
  cols,
  rows: 24,
  lines: [...lines, ...Array.from({ length: 24 - lines.length }, () => '')],
  cursor,
});
const numbered = (count: number): string[] => Array.from({ length: count }, (_, row) => `row ${row}`);
const shown = (picture: ReturnType<typeof framePicture>): string[] =>
  picture.rows.map((row) => row.replaceAll('\x1b[0m', ''));

describe('the technician’s screen in a smaller window', () => {
  it('is whole when it fits, however large the empty rest is', () => {
    const picture = framePicture(frame(numbered(3), { x: 2, y: 2, visible: true }), { cols: 20, rows: 5 }, true);
    expect(shown(picture)).toEqual(['row 0', 'row 1', 'row 2', '', '']);
    expect(picture).toMatchObject({ note: '', cursor: { x: 2, y: 2 } });
  });

  it('follows the cursor', () => {
    const picture = framePicture(frame(numbered(24), { x: 0, y: 20, visible: true }), { cols: 20, rows: 3 }, true);
    expect(shown(picture)).toEqual(['row 18', 'row 19', 'row 20']);
    expect(picture).toMatchObject({ note: 'without its upper lines: theirs is 20×24', cursor: { x: 0, y: 2 } });
  });

  it('shows the top of a program that hides its cursor at the bottom', () => {
    const picture = framePicture(frame(numbered(10), { x: 0, y: 23, visible: false }), { cols: 20, rows: 3 }, true);
    expect(shown(picture)).toEqual(['row 0', 'row 1', 'row 2']);
    expect(picture).toMatchObject({ note: 'without its lower lines: theirs is 20×24', cursor: null });
  });

  it('moves to the right when the cursor is beyond the edge', () => {
    const long = `${'a'.repeat(30)}bcd`;
    const picture = framePicture(frame([long], { x: 33, y: 0, visible: true }, 80), { cols: 10, rows: 2 }, true);
    expect(shown(picture)[0]).toBe('aaaaaabcd');
    expect(picture).toMatchObject({ note: 'without its right edge: theirs is 80×24', cursor: { x: 9, y: 0 } });
  });
});
