// "Did you mean" helps with typing errors and does not guess wildly.

import { describe, expect, it } from 'vitest';
import { nearest } from './nearest-word.ts';

const words = ['memory', 'disks', 'reach-host', 'services'];

describe('nearest', () => {
  it.each([
    ['memoyr', 'memory'],
    ['Disks', 'disks'],
    ['disk', 'disks'],
    ['reachhost', 'reach-host'],
    ['servcies', 'services'],
  ])('%s → %s', (typed, meant) => expect(nearest(typed, words)).toBe(meant));

  it.each(['', 'printers', 'x', 'y'.repeat(10_000)])('has nothing to say to %j', (typed) => {
    expect(nearest(typed, words)).toBeUndefined();
  });
});
