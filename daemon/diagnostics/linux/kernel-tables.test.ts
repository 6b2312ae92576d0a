// Numbers of the kernel, read as it writes them.

import { describe, expect, it } from 'vitest';
import { cpuPercent, parseAssignments, parseCpu, parseLoad, parseMemory } from './kernel-tables.ts';

describe('memory', () => {
  it('is what programs can still get, in bytes', () => {
    const text =
      'MemTotal: 8000 kB\nMemFree: 1000 kB\nMemAvailable:    4000 kB\nCached: 2000 kB\nShmem: 500 kB\nSwapTotal: 10 kB\n';
    expect(parseMemory(text)).toMatchObject({
      total: 8_192_000,
      available: 4_096_000,
      cache: 1_536_000,
      swapTotal: 10_240,
    });
  });

  it('is estimated where an old kernel does not say, and zero where nothing is known', () => {
    expect(parseMemory('MemTotal: 8 kB\nMemFree: 1 kB\nCached: 2 kB\n').available).toBe(3 * 1024);
    expect(parseMemory('')).toMatchObject({ total: 0, available: 0 });
  });
});

describe('the processor', () => {
  const before = parseCpu(
    'cpu  100 0 100 700 100 0 0 0 0 0\ncpu0 50 0 50 350 50 0 0 0 0 0\ncpu1 50 0 50 350 50 0 0 0 0 0\nintr 5\n',
  );
  const after = parseCpu(
    'cpu  150 0 150 750 150 0 0 0 0 0\ncpu0 150 0 50 350 50 0 0 0 0 0\ncpu1 50 0 50 350 50 0 0 0 0 0\n',
  );

  it('is not busy while it waits for a disk', () => {
    expect(before.all).toEqual({ busy: 200, total: 1000 });
    expect(cpuPercent(before.all, after.all)).toBe(50);
  });

  it('has cores, of which one may be busy and another stand still', () => {
    expect(after.cores.map((core, index) => cpuPercent(before.cores[index] ?? core, core))).toEqual([100, 0]);
  });

  it('is idle when its counters ran backwards', () => {
    expect(cpuPercent(after.all, before.all)).toBe(0);
    expect(parseCpu('').all).toEqual({ busy: 0, total: 0 });
  });
});

describe('small tables', () => {
  it('give load averages, and zeros for nonsense', () => {
    expect(parseLoad('0.50 1.25 2.00 1/100 4242\n')).toEqual([0.5, 1.25, 2]);
    expect(parseLoad('x')).toEqual([0, 0, 0]);
  });

  it('give assignments, with and without quotes', () => {
    const found = parseAssignments('PRETTY_NAME="Debian \\"12\\""\nID=debian\n# A=1\nNTP=yes\nX=\'y\'\nbad line\n');
    expect([...found]).toEqual([
      ['PRETTY_NAME', 'Debian "12"'],
      ['ID', 'debian'],
      ['NTP', 'yes'],
      ['X', 'y'],
    ]);
  });
});
