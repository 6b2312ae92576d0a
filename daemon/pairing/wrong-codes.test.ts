import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type TrySource, WrongCodes } from './wrong-codes.ts';

const MINUTE_MS = 60_000;
let wrongCodes: WrongCodes;

beforeEach(() => {
  vi.useFakeTimers();
  wrongCodes = new WrongCodes();
});
afterEach(() => vi.useRealTimers());

/** Tries until it is not let any more; how many it was let. */
function guess(source: TrySource, most = 100): number {
  let tries = 0;
  while (tries < most && wrongCodes.limit(source) === null) {
    wrongCodes.charge(source);
    tries += 1;
  }
  return tries;
}

describe('whoever tries wrong codes', () => {
  it('has nine at once with one key, wherever from, and then one a minute', () => {
    expect(guess({ key: 'SHA256:a', address: '192.0.2.1:50000' })).toBe(9);
    const elsewhere = { key: 'SHA256:a', address: '198.51.100.9:50001' };
    expect(wrongCodes.limit(elsewhere)).toEqual({ by: 'key', waitMs: MINUTE_MS });
    vi.advanceTimersByTime(MINUTE_MS);
    expect(guess(elsewhere)).toBe(1);
    vi.advanceTimersByTime(60 * MINUTE_MS);
    expect(guess(elsewhere)).toBe(9); // it never saves up more
  });

  it('has eighteen at once from one address, with whatever keys and ports', () => {
    const tries = Array.from({ length: 40 }, (_, n) =>
      guess({ key: `SHA256:${n}`, address: `192.0.2.1:${50_000 + n}` }, 1),
    );
    expect(tries.reduce((sum, each) => sum + each)).toBe(18);
    expect(wrongCodes.limit({ key: 'SHA256:new', address: '192.0.2.1:1' })).toMatchObject({ by: 'address' });
    expect(wrongCodes.limit({ key: 'SHA256:new', address: '192.0.2.2:1' })).toBeNull();
  });

  it.each([
    ['2001:db8:1:2::1:50000', '2001:db8:1:2:ffff:1:2:3:50001', true],
    ['2001:db8:1:2::1:50000', '2001:db8:1:3::1:50000', false],
    ['::1:50000', '::2:50000', true],
    ['::ffff:192.0.2.1:50000', '::ffff:192.0.2.2:50000', false],
  ])('is one and the same within the first half of an IPv6 address: %s and %s', (one, other, same) => {
    for (let n = 0; n < 18; n += 1) wrongCodes.charge({ key: `SHA256:${n}`, address: one });
    expect(wrongCodes.limit({ key: 'SHA256:x', address: other }) !== null).toBe(same);
  });

  it('fills no memory, and gains nothing by being many', () => {
    for (let n = 0; n < 5000; n += 1)
      wrongCodes.charge({ key: `SHA256:${n}`, address: `192.0.${n >> 8}.${n & 255}:1` });
    expect(wrongCodes.size).toBeLessThanOrEqual(1002);
    expect(wrongCodes.limit({ key: 'SHA256:never seen', address: '203.0.113.1:1' })).not.toBeNull();
    vi.advanceTimersByTime(10_000 * MINUTE_MS);
    wrongCodes.charge({ key: 'SHA256:a', address: '192.0.2.1:1' });
    expect(wrongCodes.size).toBe(2);
  });

  it('does not hold up who makes no mistake', () => {
    for (let n = 0; n < 1000; n += 1) expect(wrongCodes.limit({ key: 'SHA256:a', address: '192.0.2.1:1' })).toBeNull();
  });
});
