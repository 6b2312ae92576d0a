// Amounts as a person says them.

import { describe, expect, it } from 'vitest';
import { bytes, count, duration, moment, percentOf } from './amounts.ts';

describe('amounts', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [1536, '1.5 KiB'],
    [2 ** 30 * 7.9, '7.9 GiB'],
    [2 ** 20 * 512, '512 MiB'],
    [2 ** 60, '1024 PiB'],
  ])('%d bytes are %s', (amount, words) => expect(bytes(amount)).toBe(words));

  it.each([
    [0, '0 seconds'],
    [-5, '0 seconds'],
    [61, '1 minute, 1 second'],
    [3600, '1 hour'],
    [90_061, '1 day, 1 hour'],
    [86_400 * 3 + 5, '3 days'],
  ])('%d seconds are %s', (seconds, words) => expect(duration(seconds)).toBe(words));

  it('count one and many', () => {
    expect([count(1, 'disk'), count(2, 'disk'), count(2, 'person', 'people')]).toEqual([
      '1 disk',
      '2 disks',
      '2 people',
    ]);
  });

  it('are parts of a whole, never of nothing', () => {
    expect([percentOf(1, 3), percentOf(1, 0), percentOf(9, 3), percentOf(-1, 3)]).toEqual([33.3, 0, 100, 0]);
  });

  it('are moments with their offset from UTC', () => {
    expect(moment(0)).toMatch(/^19(69|70)-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d$/);
    expect(Date.parse(moment(1_700_000_000_000).replace(/ ([+-])/, '$1'))).toBe(1_700_000_000_000);
    expect(moment(Number.NaN)).toBe('unknown');
  });
});
