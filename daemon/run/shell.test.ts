// The shell that a technician gets: whole output, a real terminal, an exit status, and an end.

import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { detectContainment } from './detect-containment.ts';
import { readProcess } from './process-table.ts';
import { ProgramMissing } from './program-errors.ts';
import { ShellNotStarted, type ShellOptions, startShell } from './shell.ts';
import { drive } from './shell-driver.ts';
import { treeContainment } from './tree-containment.ts';

const detected = await detectContainment();
const PROMPT = /[#$] $/;
const containments = detected.kind === 'namespace' ? [detected, treeContainment] : [treeContainment];

describe.each(containments)('a shell ($kind)', (containment) => {
  const base: ShellOptions = {
    program: '/bin/bash',
    args: ['--norc', '--noprofile'],
    cwd: '/',
    environment: { PATH: '/usr/bin:/bin', PS1: '$ ', LANG: 'C.UTF-8' },
    cols: 80,
    rows: 24,
    term: 'xterm-256color',
    containment,
  };
  const sh = (script: string, more: Partial<ShellOptions> = {}) =>
    startShell({ ...base, program: '/bin/sh', args: ['-c', script], ...more });

  it('loses no output of programs that end at once', async () => {
    for (let round = 0; round < 15; round++) {
      await using shell = await sh('seq 3000');
      let bytes = 0;
      shell.onOutput((chunk) => {
        bytes += chunk.length;
      });
      expect(await shell.exited).toEqual({ code: 0, signal: null });
      expect(bytes).toBe(13_893 + 3000); // each line end gets a carriage return
    }
  });

  it('loses no output of a program that wrote and ended while the daemon was busy', async () => {
    for (let round = 0; round < 5; round++) {
      await using shell = await sh('seq 1200'); // two reads' worth, and it fits into the kernel's buffer
      const patience = performance.now() + 5_000;
      while (readProcess(shell.pid)?.ended === false && performance.now() < patience); // nothing else happens meanwhile
      let bytes = 0;
      shell.onOutput((chunk) => {
        bytes += chunk.length;
      });
      await shell.exited;
      expect(bytes).toBe(4_893 + 1200);
    }
  });

  it('goes on when the program lets go of its terminal and takes it again', async () => {
    await using shell = await sh('echo before; exec </dev/null >/dev/null 2>&1; sleep 0.2; echo after >/dev/tty');
    const { until } = drive(shell);
    await until(/before\r\n/);
    await until(/after\r\n/);
  });

  it('holds the output until there is a listener, and while it is paused', async () => {
    await using shell = await sh('echo early');
    shell.pause();
    let text = '';
    shell.onOutput((chunk) => {
      text += chunk;
    });
    expect(text).toBe('');
    let exited = false;
    void shell.exited.then(() => {
      exited = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect({ text, exited }).toEqual({ text: '', exited: false });
    shell.resume();
    await shell.exited;
    expect(text).toBe('early\r\n');
  });

  it('stops a flood while paused and goes on where it stopped', async () => {
    await using shell = await sh('seq 200000');
    let text = '';
    shell.onOutput((chunk) => {
      text += chunk.toString('latin1');
      if (text.length < 300_000) {
        shell.pause();
        setImmediate(() => shell.resume());
      }
    });
    await shell.exited;
    expect(text).toBe(Array.from({ length: 200_000 }, (_, i) => `${i + 1}\r\n`).join(''));
  });

  it('is a real terminal: size, name, resize, interrupt, suspend, foreground', async () => {
    await using shell = await startShell(base);
    const { type, until } = drive(shell);
    type('stty size; tty; echo "$TERM" $((6*7))\r');
    expect(await until(/ 42\r\n/)).toMatch(/24 80\r\n\/dev\/pts\/\d+\r\nxterm-256color 42/);
    // Each step waits for the program itself: bash switches the terminal's modes between echoing a line and running it,
    // and runs no trap between that and the next key.
    type(`sh -c "trap 'stty size' WINCH; echo re''ady; while :; do sleep 0.05; done"\r`);
    await until(/ready\r\n/);
    shell.resize(132, 50);
    await until(/^50 132\r\n/m);
    type('\x03');
    await until(PROMPT);
    type(`sh -c "echo re''ady; exec cat"\r`);
    await until(/ready\r\n/);
    type('echoed by cat\r');
    await until(/echoed by cat\r\nechoed by cat\r\n/);
    type('\x1a');
    await until(/Stopped +sh -c/);
    await until(PROMPT);
    type('fg\r');
    await until(/fg[\s\S]*exec cat"\r\n/);
    type('once more\r');
    await until(/once more\r\nonce more\r\n/);
    type('\x03');
    await until(PROMPT);
    type('echo "status $?"\r');
    await until(/status 130/);
    type('exit 5\r');
    expect(await shell.exited).toEqual({ code: 5, signal: null });
  });

  it('erases whole characters at a prompt, not bytes of them', async () => {
    await using shell = await sh('echo go; read line; printf "%s" "$line" | od -An -c', {
      environment: base.environment,
    });
    const { type, until } = drive(shell);
    await until(/go\r\n/);
    type('aü\x7fb\r');
    await until(/ a +b\r\n/);
  });

  it('passes on signals to the foreground program', async () => {
    await using shell = await sh(`trap 'echo "got usr1"; exit 9' USR1; echo go; while :; do sleep 0.05; done`);
    const { until } = drive(shell);
    await until(/go/);
    expect(shell.signal('NOPE')).toBe(false);
    expect(shell.signal('WINCH')).toBe(false); // not one of RFC 4254
    expect(shell.signal('USR1')).toBe(true);
    await until(/got usr1/);
    expect(await shell.exited).toEqual({ code: 9, signal: null });
    expect(shell.signal('TERM')).toBe(false);
  });

  it('says which signal ended it', async () => {
    await using shell = await sh('kill -TERM $$');
    shell.onOutput(() => {});
    expect(await shell.exited).toEqual(
      containment.kind === 'tree' ? { code: null, signal: 'TERM' } : { code: 143, signal: null },
    );
  });

  it('never waits for a program that does not read its input, and keeps a bounded part of it', async () => {
    await using shell = await sh(
      `stty raw -echo; trap 'go=1' USR1; echo ready; while [ -z "$go" ]; do (trap '' USR1; exec sleep 0.02); done; sed /END/q | wc -c`,
    );
    const { until } = drive(shell);
    await until(/ready/);
    const paste = Buffer.from(`${'x'.repeat(1023)}\n`.repeat(512));
    const kept = Array.from({ length: 12 }, () => shell.write(paste)); // six megabytes
    expect(kept).not.toContain(true);
    let drained = false;
    const draining = shell.inputDrained().then(() => {
      drained = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(drained).toBe(false);
    shell.signal('USR1');
    await draining;
    shell.write(Buffer.from('END\n'));
    const [, read] = /(\d+)\s*$/.exec(await until(/\d+\r?\n/)) ?? [];
    expect(Number(read)).toBeGreaterThan(7 * paste.length);
    expect(Number(read)).toBeLessThan(10 * paste.length);
  });

  it('lets go of input when it is ended', async () => {
    const shell = await sh('stty raw -echo; echo go; exec sleep 600');
    const { until } = drive(shell);
    await until(/go/);
    shell.write(Buffer.alloc(512 * 1024, 'x'));
    const draining = shell.inputDrained();
    await shell.kill();
    await draining;
  });

  it('takes a large paste whole when the program reads it', async () => {
    await using shell = await sh('stty raw -echo; echo go; head -c 1000000 | cksum');
    const { until, text } = drive(shell);
    await until(/go/);
    const paste = Buffer.from(Array.from({ length: 1_000_000 }, (_, i) => 32 + (i % 91)));
    shell.write(paste.subarray(0, 400_000));
    shell.write(paste.subarray(400_000));
    await shell.inputDrained();
    await shell.exited;
    expect(text()).toMatch(/ 1000000/);
  });

  it('calls no listener once the end has begun, in the middle of a flood', async () => {
    const shell = await sh('yes');
    let calls = 0;
    let ending: Promise<void> | undefined;
    let afterwards = 0;
    await new Promise<void>((resolve) => {
      shell.onOutput(() => {
        calls += 1;
        if (calls === 20) {
          ending = shell.kill();
          resolve();
        }
      });
      shell.onOutput(() => {
        if (ending !== undefined) afterwards += 1; // also not for the chunk that is being passed on
      });
    });
    await ending;
    await shell.exited;
    expect(afterwards).toBe(0);
    shell.resize(10, 10);
    expect(shell.write(Buffer.from('x'))).toBe(true);
  });

  it('hands no descriptor of the daemon or of other shells to the program', async () => {
    const secret = openSync(fileURLToPath(import.meta.url), 'r');
    await using first = await sh('read wait');
    await using shell = await sh('ls -l /proc/self/fd; echo done');
    const { until } = drive(shell);
    const listing = await until(/done/);
    closeSync(secret);
    expect(first.pid).not.toBe(shell.pid);
    expect(listing).toMatch(/ 2 -> \/dev\/pts/);
    expect(listing).not.toMatch(/shell\.test|ptmx|socket|eventpoll/);
  });

  it('says in words why it did not start', async () => {
    await expect(startShell({ ...base, program: '/bin/no-such-shell' })).rejects.toThrow(ProgramMissing);
    await expect(startShell({ ...base, program: 'no-such-shell' })).rejects.toThrow(ProgramMissing);
    await expect(startShell({ ...base, cwd: '/nonexistent' })).rejects.toThrow(ShellNotStarted);
  });
});

describe('a containment that does not come up', () => {
  it('says what it said, and leaves nothing running', async () => {
    const broken = {
      ...detected,
      kind: 'namespace' as const,
      wrap: () => ['/bin/sh', '-c', 'echo bwrap: no \\033[31mnamespaces; exit 1'],
    };
    const start = startShell({
      program: '/bin/sh',
      cwd: '/',
      environment: {},
      cols: 80,
      rows: 24,
      term: 'dumb',
      containment: broken,
    });
    await expect(start).rejects.toThrow('the shell could not be started: bwrap: no');
  });
});
