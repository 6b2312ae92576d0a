// One writer, whatever became of the one before.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LogLocked } from './errors.ts';
import { nodeFileSystem } from './file-system.ts';
import { lockLog, type Processes, systemProcesses } from './lock.ts';
import { openLog } from './log.ts';
import { generateSignerKey, parseSignerKey } from './note-keys.ts';
import { readEntries } from './reader.ts';
import { SimulatedDisk } from './testing/simulated-disk.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'chaperone-lock-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const locks = () => readdirSync(directory).filter((name) => name.startsWith('.lock-'));

const LIFE = '0123456789abcdef';
const processes = (pid: number, alive: readonly number[], life = LIFE): Processes => ({
  self: { pid, life },
  isAlive: (other) => alive.includes(other.pid),
});
const lock = (who: Processes) => lockLog(nodeFileSystem, directory, who);

describe('the lock', () => {
  it('is taken once and given back', async () => {
    const first = await lock(systemProcesses);
    expect(locks()).toHaveLength(1);
    await expect(lock(systemProcesses)).rejects.toThrow(LogLocked);
    await first[Symbol.asyncDispose]();
    expect(locks()).toEqual([]);
    await using _second = await lock(systemProcesses);
  });

  it('of a living process is respected, and its number is named', async () => {
    writeFileSync(join(directory, `.lock-77-${LIFE}`), '');
    await expect(lock(processes(88, [77]))).rejects.toThrow('is being written by process 77');
    expect(locks()).toEqual([`.lock-77-${LIFE}`]);
  });

  it('of a dead process is taken over', async () => {
    writeFileSync(join(directory, `.lock-77-${LIFE}`), '');
    writeFileSync(join(directory, '.lock-78-'), '');
    await using _taken = await lock(processes(88, []));
    expect(locks()).toEqual([`.lock-88-${LIFE}`]);
  });

  it('of an earlier process with our own number is taken over, as in a container', async () => {
    writeFileSync(join(directory, '.lock-1-fedcba9876543210'), '');
    await using _taken = await lock(processes(1, []));
    expect(locks()).toEqual([`.lock-1-${LIFE}`]);
  });

  it('goes to at most one of two that reach for it at the same time', async () => {
    for (let round = 0; round < 20; round += 1) {
      // Each in its own process: its own disk object over the same files, so that only the files can keep them apart.
      const one = new SimulatedDisk();
      await one.makeDirectory('/audit');
      const two = one.afterKill();
      const results = await Promise.allSettled([
        lockLog(one, '/audit', processes(1, [1, 2])),
        lockLog(two, '/audit', processes(2, [1, 2])),
      ]);
      expect(results.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1);
    }
  });
});

describe('the system knows', () => {
  it('that this process lives, and not under another start time', () => {
    const { self } = systemProcesses;
    expect(systemProcesses.isAlive(self)).toBe(true);
    if (process.platform === 'linux') expect(systemProcesses.isAlive({ ...self, life: LIFE })).toBe(false);
  });

  it('that a process has ended', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    const pid = child.pid ?? 0;
    await once(child, 'exit');
    expect(systemProcesses.isAlive({ pid, life: '' })).toBe(false);
  });
});

it('a writer killed in the middle of its work leaves a log that opens, with all it acknowledged', async () => {
  const { signerKey } = generateSignerKey('log.example');
  const program = `
    import { openLog } from ${JSON.stringify(join(import.meta.dirname, 'log.ts'))};
    import { parseSignerKey } from ${JSON.stringify(join(import.meta.dirname, 'note-keys.ts'))};
    const log = await openLog(process.argv[1], parseSignerKey(process.argv[2]), { origin: 'log.example' });
    for (;;) {
      const { index } = await log.append(Buffer.from('entry ' + log.nextIndex));
      process.stdout.write(index + '\\n');
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, directory, signerKey], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let acknowledged = -1;
  for await (const line of createInterface(child.stdout)) {
    acknowledged = Number(line);
    if (acknowledged === 20) {
      const open = openLog(directory, parseSignerKey(signerKey), { origin: 'log.example' });
      await expect(open).rejects.toThrow(`process ${child.pid}`);
      child.kill('SIGKILL');
    }
  }
  await exited;
  await using log = await openLog(directory, parseSignerKey(signerKey), { origin: 'log.example' });
  expect(log.size).toBeGreaterThan(acknowledged);
  let next = 0;
  for await (const entry of readEntries(directory, 0, log.size)) {
    expect(Buffer.from(entry).toString()).toBe(`entry ${next}`);
    next += 1;
  }
  expect(next).toBe(log.size);
});
