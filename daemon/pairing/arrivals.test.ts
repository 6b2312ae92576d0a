import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Arrivals } from './arrivals.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** How often `key` is let in of so many times. */
function come(arrivals: Arrivals, key: string, times = 500): number {
  return Array.from({ length: times }, () => arrivals.admit(key)).filter(Boolean).length;
}

describe('a key at the door', () => {
  it('is let in 120 times at once, and then once in ten seconds', () => {
    const arrivals = new Arrivals();
    expect(come(arrivals, 'SHA256:a')).toBe(120);
    vi.advanceTimersByTime(30_000);
    expect(come(arrivals, 'SHA256:a')).toBe(3);
    vi.advanceTimersByTime(24 * 60 * 60_000);
    expect(come(arrivals, 'SHA256:a')).toBe(120);
  });

  it('does not hold up another one', () => {
    const arrivals = new Arrivals();
    come(arrivals, 'SHA256:a');
    expect(arrivals.admit('SHA256:b')).toBe(true);
  });
});
