import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Frame, paintedRows, rowChanges } from './frame.ts';

const size = { cols: 10, rows: 3 };
const frame = (rows: string[], overlays: Frame['overlays'] = []): Frame => ({ size, rows, overlays, cursor: null });
const diff = (before: Frame | null, after: Frame) =>
  rowChanges(before && paintedRows(before, true), paintedRows(after, true), size.cols);

describe('the difference of two screens', () => {
  it('is nothing when they are equal', () => {
    expect(diff(frame(['one', 'two']), frame(['one', 'two']))).toEqual([]);
  });

  it('paints only the row that differs, and erases what the longer one left', () => {
    expect(diff(frame(['one', 'twelve']), frame(['one', 'two']))).toEqual(['\x1b[2;1H\x1b[0mtwo\x1b[K']);
  });

  it('does not erase after a full row: the cursor still stands on its last cell', () => {
    expect(diff(null, { ...frame(['0123456789']), size: { cols: 10, rows: 1 } })).toEqual([
      '\x1b[1;1H\x1b[0m0123456789',
    ]);
  });

  it('erases before text whose width terminals disagree on', () => {
    expect(diff(frame(['']), frame(['👩‍⚕']))).toEqual(['\x1b[1;1H\x1b[0m\x1b[K👩‍⚕']);
  });

  it('ends colours at the end of a row', () => {
    expect(diff(frame(['']), frame(['\x1b[31mred']))).toEqual(['\x1b[1;1H\x1b[0m\x1b[31mred\x1b[0m\x1b[K']);
  });

  it('paints everything when what is there is unknown', () => {
    expect(diff(null, frame(['a']))).toHaveLength(3);
  });
});

describe('overlays', () => {
  const over = (text: string) => [{ rect: { x: 2, y: 1, cols: 4, rows: 1 }, rows: [text] }];

  it('are painted without the row beneath', () => {
    expect(diff(frame(['a', 'b'], over('old')), frame(['a', 'b'], over('new')))).toEqual([
      '\x1b[2;3H\x1b[0mnew\x1b[1X',
    ]);
  });

  it('are painted again when the row beneath changed', () => {
    expect(diff(frame(['a', 'b'], over('old')), frame(['a', 'c'], over('old')))).toEqual([
      '\x1b[2;1H\x1b[0mc\x1b[K\x1b[2;3H\x1b[0mold\x1b[1X',
    ]);
  });

  it('uncover the row when they go', () => {
    expect(diff(frame(['a', 'b'], over('old')), frame(['a', 'b']))).toEqual(['\x1b[2;1H\x1b[0mb\x1b[K']);
  });

  it('that reach outside the screen are cut, not wrapped', () => {
    const outside = [{ rect: { x: 8, y: 2, cols: 9, rows: 5 }, rows: ['ab', 'cd'] }];
    expect(diff(frame([]), frame([], outside))).toEqual(['\x1b[3;9H\x1b[0mab']);
  });
});

describe('a screen that is brought up to date', () => {
  /** A terminal of the few sequences that a frame uses. */
  function apply(screen: string[][], bytes: string): void {
    let x = 0;
    let y = 0;
    for (const [, to, erase, style, text] of bytes.matchAll(
      /\x1b\[(\d+;\d+)H|\x1b\[(K|\d+X)|(\x1b\[\d*m)|([^\x1b])/g,
    )) {
      if (to !== undefined) [y, x] = to.split(';').map((n) => Number(n) - 1) as [number, number];
      else if (erase === 'K') screen[y]?.fill(' ', x);
      else if (erase !== undefined) screen[y]?.fill(' ', x, x + Number.parseInt(erase, 10));
      else if (style === undefined && text !== undefined && screen[y]?.[x] !== undefined) {
        (screen[y] as string[])[x] = text;
        x += 1;
      }
    }
  }

  const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '─'), maxLength: 10 });
  const overlay = fc.record({
    rect: fc.record({
      x: fc.nat(9),
      y: fc.nat(2),
      cols: fc.integer({ min: 1, max: 10 }),
      rows: fc.integer({ min: 1, max: 3 }),
    }),
    rows: fc.array(text, { maxLength: 3 }),
  });
  const frames = fc.array(
    fc.record({ rows: fc.array(text, { maxLength: 3 }), overlays: fc.array(overlay, { maxLength: 3 }) }),
    { minLength: 2, maxLength: 5 },
  );

  it('is the same as one painted from nothing', () => {
    fc.assert(
      fc.property(frames, (sequence) => {
        const blank = () => Array.from({ length: 3 }, () => Array.from({ length: 10 }, () => ' '));
        const screen = blank();
        let before: Frame | null = null;
        for (const next of sequence) {
          const fitted = next.overlays.map(({ rect, rows }) => ({
            rect,
            rows: rows.map((row) => row.slice(0, Math.min(rect.cols, 10 - rect.x))),
          }));
          const after = frame(next.rows, fitted);
          for (const change of diff(before, after)) apply(screen, change);
          const fresh = blank();
          for (const change of diff(null, after)) apply(fresh, change);
          expect(screen).toEqual(fresh);
          before = after;
        }
      }),
      { numRuns: 1000 },
    );
  });
});
