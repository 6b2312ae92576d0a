// The door to the machine: bare environment, bounded files, and silence about what is not there.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { machineProbe } from './probe.ts';

const onTruncated = vi.fn();
const probe = machineProbe(new AbortController().signal, onTruncated);
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chaperone-probe-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('programs', () => {
  it('see nothing of the environment of the daemon', async () => {
    vi.stubEnv('LD_PRELOAD', '');
    vi.stubEnv('HTTP_PROXY', 'proxy.example');
    const { out } = await probe.run(['env']);
    const names = out.split('\n').flatMap((line) => line.split('=')[0] || []);
    expect(names.filter((name) => !/^(CHAPERONE_|PWD$|SHLVL$|_$)/.test(name)).sort()).toEqual([
      'LANG',
      'LC_ALL',
      'PATH',
    ]);
    vi.unstubAllEnvs();
  });

  it('get each argument as it is', async () => {
    const hostile = ['$(id)', '; rm', '`id`', 'a b', '*', 'ü\n'];
    const { out } = await probe.run(['printf', '%s|', ...hostile]);
    expect(out).toBe(hostile.map((word) => `${word}|`).join(''));
  });

  it('are told from slow ones by a sentence', async () => {
    await expect(probe.run(['sleep', '60'], { timeoutMs: 50 })).rejects.toThrow('sleep did not finish within');
  });

  it('do not start any more once the run is stopped', async () => {
    const stopped = machineProbe(AbortSignal.abort(), onTruncated);
    await expect(stopped.run(['true'])).rejects.toThrow();
    await expect(stopped.pause(60_000)).rejects.toThrow();
    await expect(stopped.list('/')).rejects.toThrow();
    expect(() => stopped.readText('/etc/passwd')).toThrow();
  });
});

describe('files', () => {
  it('are read up to the limit, from either end', async () => {
    const path = join(folder, 'lines');
    writeFileSync(path, 'first line\nsecond line\nthird line\n');
    expect(await probe.readText(path, 5)).toBe('first');
    expect(await probe.readTail(path, 15)).toBe('third line\n');
    expect(await probe.readTail(path, 1000)).toBe('first line\nsecond line\nthird line\n');
  });

  it('that are not there are no accident', async () => {
    const path = join(folder, 'gone');
    expect(await probe.readText(path)).toBeUndefined();
    expect(await probe.readTail(path, 10)).toBeUndefined();
    expect(await probe.list(path)).toEqual([]);
    expect(await probe.link(path)).toBeUndefined();
    expect(await probe.modified(path)).toBeUndefined();
    expect(await probe.usage(path)).toBeUndefined();
  });
});
