import { describe, expect, it } from 'vitest';
import { Indicator } from './indicator.ts';

const A = 'session a';
const B = 'session b';

describe('promise 6: the indicator tells the truth', () => {
  it('is up for every session while a window shows them all, and says when one is gone', () => {
    const indicator = new Indicator();
    const told: (string | null)[] = [];
    indicator.down.on((shown) => told.push(shown));
    expect(indicator.up(A)).toBe(false);
    const prompt = indicator.show(null);
    const watch = indicator.show(null);
    prompt[Symbol.dispose]();
    expect([indicator.up(A), told]).toEqual([true, [null]]);
    watch[Symbol.dispose]();
    watch[Symbol.dispose]();
    expect([indicator.up(A), told]).toEqual([false, [null, null]]);
  });

  it('is up for one session only when the window shows that one', () => {
    const indicator = new Indicator();
    const told: (string | null)[] = [];
    indicator.down.on((shown) => told.push(shown));
    const window = indicator.show(A);
    expect([indicator.up(A), indicator.up(B)]).toEqual([true, false]);
    window[Symbol.dispose]();
    expect([indicator.up(A), told]).toEqual([false, [A]]);
  });

  it('waits for a window, and not for one that shows another session', async () => {
    const indicator = new Indicator();
    const over = new AbortController();
    const up = indicator.whenUp(A, 60_000, over.signal);
    indicator.show(B);
    const never = indicator.whenUp('session c', 60_000, over.signal);
    indicator.show(A);
    expect(await up).toBe(true);
    over.abort();
    expect(await never).toBe(false);
    expect(await indicator.whenUp('session d', 0, new AbortController().signal)).toBe(false);
  });

  it('is not up by another window where a desktop shows each session itself, even if the desktop goes away', async () => {
    const indicator = new Indicator();
    const over = new AbortController();
    indicator.show(null);
    const desktop = indicator.expectOwnWindows();
    const first = indicator.whenUp(A, 60_000, over.signal);
    indicator.show(A);
    expect(await first).toBe(true);
    const second = indicator.whenUp(B, 60_000, over.signal);
    desktop[Symbol.dispose]();
    over.abort();
    expect(await second).toBe(false);
    expect(await indicator.whenUp(B, 0, new AbortController().signal)).toBe(true);
  });
});
