// A program chooses its own name: it must not be able to choose the numbers too.

import { describe, expect, it } from 'vitest';
import { scriptedProbe } from '../testing/scripted-probe.ts';
import { describeProgram, inBatches, listProcesses, parseDetails, parseProcess } from './processes.ts';

const tail = 'S 1 42 42 34816 42 4194560 1 0 0 0 30 12 0 0 20 0 1 0 5000 10000 250 18446744073709551615';

describe('a process', () => {
  it('is read past a name of spaces, parentheses and newlines', () => {
    for (const name of ['bash', 'a b', 'x) R 9 9 (y', 'line\nbreak', '']) {
      expect(parseProcess(`42 (${name}) ${tail}`)).toEqual({
        pid: 42,
        parent: 1,
        name,
        state: 'S',
        ticks: 42,
        startTicks: 5000,
        terminal: 34816,
      });
    }
    for (const bad of ['', '42 bash S 1', '42 (x', 'y (x) S', '42 (x) S 1']) expect(parseProcess(bad)).toBeUndefined();
  });

  it('belongs to whom the kernel says, not to whom its name says', () => {
    const status = 'Name:\tUid:\\n0\nUmask:\t0022\nUid:\t1000\t1000\t1000\t1000\nVmRSS:\t    2048 kB\n';
    expect(parseDetails(status)).toEqual({ uid: 1000, residentBytes: 2 * 1024 * 1024 });
    expect(parseDetails('Name: x\n')).toBeUndefined();
    expect(parseDetails('Uid:\t0\t0\t0\t0\n')).toEqual({ uid: 0, residentBytes: 0 });
  });

  it('is called by its file, with its own name where that says more', async () => {
    const probe = scriptedProbe({
      links: { '/proc/1/exe': '/usr/bin/node', '/proc/2/exe': '/usr/bin/bash (deleted)' },
    });
    const process = (pid: number, name: string) => ({
      pid,
      name,
      parent: 0,
      state: 'S',
      ticks: 0,
      startTicks: 0,
      terminal: 0,
    });
    expect(await describeProgram(probe, process(1, 'npm ci'))).toBe('npm ci (node)');
    expect(await describeProgram(probe, process(2, 'bash'))).toBe('bash');
    expect(await describeProgram(probe, process(3, 'hidden'))).toBe('hidden');
  });

  it('may end while the list is made', async () => {
    const probe = scriptedProbe({
      files: { '/proc/1/stat': `1 (init) ${tail}`, '/proc/2/status': 'gone', '/proc/meminfo': '' },
    });
    expect((await listProcesses(probe)).map((process) => process.name)).toEqual(['init']);
  });
});

describe('work in batches', () => {
  it('keeps the order and never does too much at once', async () => {
    let running = 0;
    let most = 0;
    const results = await inBatches(
      Array.from({ length: 100 }, (_, index) => index),
      async (item) => {
        running += 1;
        most = Math.max(most, running);
        await Promise.resolve();
        running -= 1;
        return item * 2;
      },
    );
    expect(results).toEqual(Array.from({ length: 100 }, (_, index) => index * 2));
    expect(most).toBeLessThanOrEqual(32);
  });
});
