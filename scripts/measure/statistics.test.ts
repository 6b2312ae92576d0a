import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median, percentile, type Row, ratios, reachesAim, table } from './statistics.ts';

const row = (values: Row['values'], aim?: Row['aim']): Row =>
  aim === undefined ? { label: 'echo', unit: 'ms', values } : { label: 'echo', unit: 'ms', values, aim };

describe('percentiles', () => {
  it('are samples, whatever their order', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([1, 50, 99, 100].map((percent) => percentile(hundred, percent))).toEqual([1, 50, 99, 100]);
    expect(median([3, 1, 2])).toBe(2);
    expect(percentile([7], 99)).toBe(7);
  });

  it('have the right share of the samples at or below them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ noNaN: true }), { minLength: 1 }),
        fc.integer({ min: 1, max: 100 }),
        (all, percent) => {
          const value = percentile(all, percent);
          expect(all.filter((sample) => sample <= value).length).toBeGreaterThanOrEqual((percent / 100) * all.length);
          expect(all.filter((sample) => sample < value).length).toBeLessThan((percent / 100) * all.length);
        },
      ),
    );
  });

  it('of nothing do not exist', () => {
    expect(() => percentile([], 50)).toThrow('no samples');
  });
});

describe('a row of results', () => {
  it('compares every target with the first', () => {
    expect(ratios(row([2, 3, undefined]))).toEqual([1.5, undefined]);
    expect(ratios(row([undefined, 3]))).toEqual([undefined]);
    expect(ratios(row([0, 3]))).toEqual([undefined]);
  });

  it.each([
    [row([2, 2.6], { ratio: 'at most', of: 1.3 }), true],
    [row([2, 2.7], { ratio: 'at most', of: 1.3 }), false],
    [row([10, 7], { ratio: 'at least', of: 0.7 }), true],
    [row([10, 6.9], { ratio: 'at least', of: 0.7 }), false],
    [row([8.9, 62], { value: 'at most', of: 90 }), true],
    [row([8.9, 91], { value: 'at most', of: 90 }), false],
    [row([100], { value: 'at most', of: 90 }), true],
    [row([1, 100]), true],
  ])('%o reaches its aim: %s', (given, reached) => {
    expect(reachesAim(given)).toBe(reached);
  });

  it('is printed with ratio, aim and whether it was missed', () => {
    const rows = [
      row([0.3, 0.45], { ratio: 'at most', of: 1.3 }),
      { label: 'log text', unit: 'MB/s', values: [57.52, undefined] },
      { label: 'idle', unit: 'MiB', values: [8.912, 62], aim: { value: 'at most', of: 90 } as const },
    ];
    expect(table(['OpenSSH', 'Chaperone'], rows).split('\n')).toEqual([
      '                OpenSSH  Chaperone  ratio       aim',
      'echo, ms            0.3       0.45    1.5    ≤ 1.3×  MISSED',
      'log text, MB/s     57.5          –      –',
      'idle, MiB          8.91         62   6.96  ≤ 90 MiB',
    ]);
  });
});
