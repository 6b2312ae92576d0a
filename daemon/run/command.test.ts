// A diagnostic's command ends when it should, says why, and leaves nothing behind.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CommandOptions, runCommand } from './command.ts';
import { detectContainment } from './detect-containment.ts';
import { readProcess } from './process-table.ts';
import { ProgramMissing, ProgramNotStarted } from './program-errors.ts';
import { startShell } from './shell.ts';
import { treeContainment } from './tree-containment.ts';

const base: CommandOptions = {
  argv: ['/bin/true'],
  environment: { PATH: '/usr/bin:/bin' },
  cwd: '/',
  timeoutMs: 15_000,
  maxOutputBytes: 1_000_000,
};
const run = (argv: string[], more: Partial<CommandOptions> = {}) => runCommand({ ...base, argv, ...more });
const sh = (script: string, more: Partial<CommandOptions> = {}) => run(['sh', '-c', script], more);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chaperone-command-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('runCommand', () => {
  it('returns both streams and the exit code, with an empty stdin', async () => {
    const seen: string[] = [];
    const result = await sh('cat; echo out; echo err >&2; exit 7', {
      onOutput: (stream, chunk) => seen.push(`${stream}:${chunk}`),
    });
    expect(result).toMatchObject({ code: 7, signal: null, truncated: false, timedOut: false, cancelled: false });
    expect(result.stdout.toString()).toBe('out\n');
    expect(result.stderr.toString()).toBe('err\n');
    expect(seen.toSorted()).toEqual(['stderr:err\n', 'stdout:out\n']);
  });

  it('loses no output of a command that exits at once', async () => {
    const runs = await Promise.all(Array.from({ length: 10 }, () => run(['seq', '20000'])));
    for (const { stdout } of runs) expect(stdout.length).toBe(108_894);
  });

  it('gives the program the environment it was given, and no shell sees its arguments', async () => {
    const result = await run(['/usr/bin/env'], { environment: { A: '$(id)' } });
    const lines = result.stdout.toString().trim().split('\n');
    expect(lines.filter((line) => !/^(CHAPERONE_RUN|PWD|SHLVL|_)=/.test(line))).toEqual(['A=$(id)']);
  });

  it.each(['none', 'tree', 'namespace'])(
    'gives the program nothing that is open here, contained by %s',
    async (kind) => {
      const found = kind === 'none' ? undefined : kind === 'tree' ? treeContainment : await detectContainment();
      const shell = { program: '/bin/sh', cwd: '/', environment: base.environment };
      await using _open = await startShell({
        ...shell,
        cols: 80,
        rows: 24,
        term: 'dumb',
        containment: treeContainment,
      });
      const { stdout: numbers } = await run(['ls', '/proc/self/fd'], { containment: found });
      expect(numbers.toString()).toBe('0\n1\n2\n3\n'); // the last one is the directory that ls itself reads
    },
  );

  it('says which program is missing', async () => {
    await expect(run(['no-such-program'])).rejects.toThrow(ProgramMissing);
    await expect(run(['no-such-program'])).rejects.toThrow('no-such-program is not installed on this machine');
    await expect(run(['/bin/true'], { cwd: join(folder, 'gone') })).rejects.toThrow(ProgramNotStarted);
    await expect(run([folder])).rejects.toThrow(ProgramNotStarted);
  });

  it('ends at the time limit although the program ignores polite signals', async () => {
    const result = await sh(`trap '' TERM HUP INT; echo $$; while :; do sleep 60; done`, { timeoutMs: 300 });
    expect(result).toMatchObject({ code: null, signal: 'SIGKILL', timedOut: true });
    expect(readProcess(Number(result.stdout))).toBeUndefined();
  });

  it('ends at the output limit with exactly that much', async () => {
    const result = await sh('yes', { maxOutputBytes: 100_001 });
    expect(result.truncated).toBe(true);
    expect(result.stdout.length + result.stderr.length).toBe(100_001);
  });

  it('ends when the caller aborts, before or while it runs', async () => {
    const abort = new AbortController();
    const result = await sh('echo started; sleep 60', { signal: abort.signal, onOutput: () => abort.abort() });
    expect(result).toMatchObject({ cancelled: true, signal: 'SIGKILL' });
    expect(await sh('sleep 60', { signal: abort.signal })).toMatchObject({ cancelled: true });
  });

  it('leaves nothing running that the program put into the background', async () => {
    const pids = join(folder, 'pids');
    const result = await sh(
      `sleep 61 & echo $! >>${pids}
       nohup sleep 62 >/dev/null 2>&1 & echo $! >>${pids}
       setsid sh -c 'echo $$ >>${pids}; sleep 63 & sleep 64' &
       while [ "$(wc -l <${pids})" -lt 3 ]; do :; done`,
    );
    expect(result.code).toBe(0);
    const left = readFileSync(pids, 'utf8').trim().split('\n').map(Number);
    expect(left).toHaveLength(3);
    expect(left.filter((pid) => readProcess(pid)?.ended === false)).toEqual([]);
  });
});
