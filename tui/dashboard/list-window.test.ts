import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { follow, LIST_START, moveMark } from './list-window.ts';

describe('a list', () => {
  it('keeps its mark in sight whatever is pressed and however it is resized', () => {
    const step = fc.record({
      by: fc.oneof(fc.integer({ min: -30, max: 30 }), fc.constantFrom(Infinity, -Infinity)),
      length: fc.nat(50),
      seen: fc.nat(20),
    });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        let state = LIST_START;
        for (const { by, length, seen } of steps) {
          state = follow(moveMark(state, by, length, seen), length, seen);
          expect(state.index).toBeGreaterThanOrEqual(0);
          expect(state.index).toBeLessThanOrEqual(Math.max(0, length - 1));
          expect(state.top).toBeLessThanOrEqual(state.index);
          expect(state.index - state.top).toBeLessThan(Math.max(1, seen));
          expect(state.top).toBeLessThanOrEqual(Math.max(0, length - Math.max(1, seen)));
        }
      }),
    );
  });

  it('moves by rows and to its ends', () => {
    expect(moveMark(LIST_START, 1, 10, 3)).toEqual({ index: 1, top: 0 });
    expect(moveMark(LIST_START, Infinity, 10, 3)).toEqual({ index: 9, top: 7 });
    expect(moveMark({ index: 9, top: 7 }, -Infinity, 10, 3)).toEqual(LIST_START);
  });
});
