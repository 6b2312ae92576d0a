// Sessions of daemons that were killed: their programs are found and ended; those of a daemon that lives are not.

import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, execPath, getuid } from 'node:process';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { endLeftovers } from './leftovers.ts';
import { isRunning, type ProcessIdentity, readProcess, readProcessTable } from './process-table.ts';
import { newRunTag, starterOf } from './run-tag.ts';
import { RUN_TAG } from './tree-kill.ts';

const NOBODY = 65_534;
const NO_PROCESS = { pid: 4_194_304, start: 1 }; // Linux gives out smaller numbers only

const daemons: ChildProcess[] = [];

/** A process that starts a program as a daemon would, which outlives its terminal and does not know its parent. */
async function daemonWithProgram(): Promise<{ daemon: ChildProcess; program: ProcessIdentity }> {
  const module = (file: string) => JSON.stringify(new URL(file, import.meta.url).href);
  const script = `
    const { startShell } = await import(${module('./shell.ts')});
    const { treeContainment } = await import(${module('./tree-containment.ts')});
    const shell = await startShell({
      program: '/bin/sh', args: ['-c', 'trap "" HUP; echo up; exec sleep 600'], cwd: '/',
      environment: { PATH: '/usr/bin:/bin' }, cols: 80, rows: 24, term: 'xterm', containment: treeContainment,
    });
    shell.onOutput(() => process.stdout.write(shell.pid + '\\n'));`;
  const daemon = spawn(execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  daemons.push(daemon);
  const [pid] = (await once(daemon.stdout, 'data')) as [Buffer];
  const program = readProcess(Number.parseInt(String(pid), 10)); // the output of the program may come in parts
  if (program === undefined) throw new Error('the program did not start');
  return { daemon, program };
}

function tagOf({ pid, start }: ProcessIdentity): string {
  return newRunTag().replace(/-\d+-\d+(-[0-9a-f-]{36})$/, `-${pid}-${start}$1`);
}

/** A process that has ended and whose parent does not ask how, as in a container whose first program does not care. */
async function zombie(): Promise<ProcessIdentity> {
  const parent = spawn('/bin/sh', ['-c', 'true & exec sleep 600'], { stdio: 'ignore' });
  daemons.push(parent);
  return await vi.waitUntil(() => readProcessTable().find((entry) => entry.ended && entry.parent === parent.pid), {
    timeout: 30_000,
  });
}

async function kill(daemon: ChildProcess): Promise<void> {
  daemon.kill('SIGKILL');
  if (daemon.exitCode === null && daemon.signalCode === null) await once(daemon, 'exit');
}

describe('leftovers', () => {
  beforeEach(() => {
    vi.stubEnv('CHAPERONE_HOME', `/machine-of-test-${process.pid}`); // nobody else's leftovers are counted
  });
  afterEach(async () => {
    for (const daemon of daemons.splice(0)) await kill(daemon);
    await endLeftovers();
    vi.unstubAllEnvs();
  });

  it('of a killed daemon are ended, those of a living one go on', async () => {
    const dead = await daemonWithProgram();
    const living = await daemonWithProgram();
    await kill(dead.daemon);
    expect(isRunning(dead.program)).toBe(true);
    expect(await endLeftovers()).toBeGreaterThan(0);
    expect(isRunning(dead.program)).toBe(false);
    expect(isRunning(living.program)).toBe(true);
  });

  it('are those of this machine, by whatever link its state is reached', () => {
    using stack = new DisposableStack();
    const root = mkdtempSync(join(tmpdir(), 'chaperone-leftovers-'));
    stack.defer(() => rmSync(root, { recursive: true }));
    mkdirSync(join(root, 'one', 'machine'), { recursive: true });
    symlinkSync(join(root, 'one'), join(root, 'link'));
    vi.stubEnv('CHAPERONE_HOME', join(root, 'one'));
    const tag = newRunTag();
    vi.stubEnv('CHAPERONE_HOME', join(root, 'link'));
    expect(starterOf(tag)?.pid).toBe(process.pid);
    vi.stubEnv('CHAPERONE_HOME', join(root, 'other'));
    expect(starterOf(tag)).toBeNull();
  });

  it('of a daemon that was killed and that nobody buried are ended', async () => {
    const left = spawn('sleep', ['600'], { stdio: 'ignore', env: { ...env, [RUN_TAG]: tagOf(await zombie()) } });
    daemons.push(left);
    await once(left, 'spawn');
    expect(await endLeftovers()).toBe(1);
  });

  it('that another user goes on starting under such a name keep no daemon from its start', async (context) => {
    if (getuid?.() !== 0) return context.skip('NOT TESTED: only root may start programs of another user');
    const script = `while :; do ${RUN_TAG}=${tagOf(NO_PROCESS)} sleep 1 & echo; sleep 0.002; done`;
    const another = spawn('/bin/sh', ['-c', script], {
      uid: NOBODY,
      gid: NOBODY,
      cwd: '/',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    daemons.push(another);
    await once(another.stdout, 'data');
    await expect(endLeftovers()).resolves.toBeGreaterThanOrEqual(0);
  });
});

describe('a tag', () => {
  it('names the process that made it', () => {
    expect(starterOf(newRunTag())).toMatchObject({ pid: process.pid, start: readProcess(process.pid)?.start });
  });

  it('of another boot names nobody: a program has it from a copy, such as a line in ~/.profile', () => {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    expect(newRunTag()).toContain(boot);
    expect(starterOf(newRunTag().replace(boot, randomUUID()))).toBeNull();
  });

  it('of another machine names nobody: it ends what was its own', () => {
    vi.stubEnv('CHAPERONE_HOME', '/elsewhere');
    const theirs = newRunTag();
    vi.unstubAllEnvs();
    expect(starterOf(theirs)).toBeNull();
  });

  it.each(['', 'x', '1-2-3', `1-${process.pid}-1-3b241101-e2bb-4255-8caf-4136c566a962`])('%j names nobody', (tag) => {
    expect(starterOf(tag)).toBeNull();
  });
});
