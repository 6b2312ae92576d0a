// Promise 9, the part about processes: whatever a session started, nothing of it lives after the end.

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { describeWith } from '../../test/requires.ts';
import type { Containment } from './containment.ts';
import { detectContainment } from './detect-containment.ts';
import { readProcess } from './process-table.ts';
import { startShell } from './shell.ts';
import { treeContainment } from './tree-containment.ts';

const detected = await detectContainment();
if (detected.kind !== 'namespace') console.warn('bubblewrap does not work here: its half of this suite is skipped');

let next = process.pid * 1000;
/** A number of seconds that no other `sleep` on this machine sleeps. */
const newMark = () => `9${++next}`;

/** Processes that run `sleep <mark>`, found from outside: inside a namespace they have other numbers. */
function sleepers(mark: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      try {
        return pid > 0 && readFileSync(`/proc/${pid}/cmdline`, 'latin1') === `sleep\0${mark}\0`;
      } catch {
        return false;
      }
    })
    .filter((pid) => readProcess(pid)?.ended === false);
}

async function untilSleepers(mark: string, count: number): Promise<void> {
  while (sleepers(mark).length < count) await delay(5);
}

async function start(containment: Containment, script: string) {
  return startShell({
    program: '/bin/sh',
    args: ['-c', script],
    cwd: '/',
    environment: { PATH: '/usr/bin:/bin' },
    cols: 80,
    rows: 24,
    term: 'xterm-256color',
    containment,
  });
}

/** What people and programs do to outlive their terminal, by the scripts that do it. */
const ESCAPES: Record<string, (mark: string) => string> = {
  'stays in the foreground': (mark) => `sleep ${mark}`,
  'a background job': (mark) => `sleep ${mark} & wait`,
  nohup: (mark) => `nohup sleep ${mark} >/dev/null 2>&1 & wait`,
  setsid: (mark) => `setsid sleep ${mark} & wait`,
  'a daemon (double fork, setsid, closed descriptors)': (mark) =>
    `setsid sh -c '(sleep ${mark} </dev/null >/dev/null 2>&1 &) ; exit' ; read wait`,
  'an emptied environment': (mark) => `env -i sleep ${mark} & wait`,
  'an orphan with an emptied environment': (mark) =>
    `(env -i nohup sleep ${mark} </dev/null >/dev/null 2>&1 &) ; read wait`,
  'a session of its own with an emptied environment': (mark) => `setsid env -i sleep ${mark} & wait`,
  'deaf to polite signals': (mark) => `trap '' HUP TERM INT QUIT TSTP; sleep ${mark} & wait; wait; read wait`,
};

describe.each([detected, treeContainment].filter((each, i) => i === 1 || each.kind === 'namespace'))(
  'nothing survives the end ($kind)',
  (containment) => {
    it.each(Object.entries(ESCAPES))('%s', async (_, script) => {
      const mark = newMark();
      const shell = await start(containment, script(mark));
      await untilSleepers(mark, 1);
      await shell.kill();
      expect(sleepers(mark)).toEqual([]);
      await shell.exited;
    });

    it('a stopped program', async () => {
      const mark = newMark();
      const shell = await start(containment, `sleep ${mark} & wait`);
      await untilSleepers(mark, 1);
      for (const pid of sleepers(mark)) process.kill(pid, 'SIGSTOP');
      await shell.kill();
      expect(sleepers(mark)).toEqual([]);
    });

    it('a loop that forks faster than one can look', async () => {
      const mark = newMark();
      const fork = `i=0; while [ $i -lt 300 ]; do i=$((i+1)); (setsid sleep ${mark} &); sleep ${mark} & done`;
      const shell = await start(containment, `${fork}; read wait`);
      await untilSleepers(mark, 20);
      await shell.kill();
      expect(sleepers(mark)).toEqual([]);
    });

    it('what a shell leaves behind when it ends by itself', async () => {
      const mark = newMark();
      const shell = await start(
        containment,
        `setsid sleep ${mark} & while ! pgrep -f '^sleep ${mark}'; do :; done; exit 3`,
      );
      shell.onOutput(() => {});
      expect(await shell.exited).toEqual({ code: 3, signal: null });
      await shell.kill();
      expect(sleepers(mark)).toEqual([]);
    });

    it('leaves other sessions alone', async () => {
      const [mine, other] = [newMark(), newMark()];
      const [shell, neighbour] = [
        await start(containment, `sleep ${mine}`),
        await start(containment, `sleep ${other}`),
      ];
      await Promise.all([untilSleepers(mine, 1), untilSleepers(other, 1)]);
      await shell.kill();
      expect(sleepers(other)).toHaveLength(1);
      await neighbour.kill();
    });

    it('can be asked to end twice', async () => {
      const shell = await start(containment, 'read wait');
      await Promise.all([shell.kill(), shell.kill()]);
      await shell[Symbol.asyncDispose]();
    });
  },
);

describe.runIf(detected.kind === 'namespace')('a namespace', () => {
  it('also holds what cuts all ties: no parent, session, terminal or environment', async () => {
    const mark = newMark();
    const shell = await start(
      detected,
      `setsid env -i /bin/sh -c '(setsid sleep ${mark} </dev/null >/dev/null 2>&1 &)' ; read wait`,
    );
    await untilSleepers(mark, 1);
    await shell.kill();
    expect(sleepers(mark)).toEqual([]);
  });
});

describe.runIf(detected.kind === 'namespace')('a daemon that is killed', () => {
  it('takes its sessions with it', async () => {
    const mark = newMark();
    const module = (file: string) => JSON.stringify(new URL(file, import.meta.url).href);
    const daemon = `
      const { startShell } = await import(${module('./shell.ts')});
      const { detectContainment } = await import(${module('./detect-containment.ts')});
      await startShell({
        program: '/bin/sh', args: ['-c', 'setsid sleep ${mark} & wait'], cwd: '/', environment: { PATH: '/usr/bin:/bin' },
        cols: 80, rows: 24, term: 'xterm', containment: await detectContainment(),
      });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', daemon], { stdio: 'inherit' });
    await untilSleepers(mark, 1);
    child.kill('SIGKILL');
    while (sleepers(mark).length > 0) await delay(5);
  });
});

describe('detectContainment', () => {
  it('falls back to the tree where bubblewrap is missing or does not work', async () => {
    expect((await detectContainment('/nonexistent')).kind).toBe('tree');
    const folder = mkdtempSync(join(tmpdir(), 'chaperone-bwrap-'));
    writeFileSync(join(folder, 'bwrap'), '#!/bin/sh\nshift 9\nexec /bin/sh -c "echo 1 pid:[1]"\n', { mode: 0o755 });
    expect((await detectContainment(folder)).kind).toBe('tree'); // it answers, and announces nothing
    rmSync(folder, { recursive: true });
  });
});

describeWith('bwrap', 'where bubblewrap can make namespaces', () => {
  it('they are used', async (context) => {
    const { status } = spawnSync('bwrap', ['--unshare-pid', '--dev-bind', '/', '/', '--proc', '/proc', 'true']);
    if (status !== 0) return context.skip('the system forbids namespaces');
    expect(detected.kind).toBe('namespace');
  });
});
