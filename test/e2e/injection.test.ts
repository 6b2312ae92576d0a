// Promise 8: nothing that one side sends can drive the other side's terminal. Looked for in all bytes that the real
// programs write to their terminals, not in what a terminal makes of them.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { INJECTION_BYTES, INJECTIONS, type Injection, reaches, wrapped } from '../fixtures/injection.ts';
import { describeWith } from '../requires.ts';
import { allow, answers, ask, IN_SHELL, live, promptOf } from './scenes.ts';
import { story } from './story.ts';
import type { StoryWindow } from './story-window.ts';

const CHAT_MAX = 2000; // characters, by the protocol
const NAME_MAX = 255; // bytes, by the kernel
/** Of tricks that leave text behind, that text is no proof where several stand in one stream. */
const IN_A_STREAM = INJECTIONS.filter(({ trace }) => /[^\x20-\x7e]/.test(trace));
/** Colours and marks are what a shell may show; the emulator writes them anew. */
const SHELL_MAY = /^(colour|colour with colons|concealed)$/;

/** Tricks that have arrived among the bytes of a window. */
async function arrived(
  window: StoryWindow,
  last: string,
  tricks: readonly Injection[] = IN_A_STREAM,
): Promise<string[]> {
  const bytes = await window.bytes(last);
  return tricks.filter((trick) => reaches(trick, bytes)).map(({ name }) => name);
}

/** Whether this user may give a process host name and files of its own; in the launcher `$0` is the directory for them. */
const NAMESPACES = ['unshare', '--uts', '--mount'];

function mayUnshare(): boolean {
  try {
    execFileSync('unshare', ['--uts', '--mount', 'true'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

describeWith('tmux', 'escape sequences do nothing to the terminal of the technician', () => {
  it('in file names and in output', () =>
    story({}, async (at) => {
      const folder = join(at.machine.root, 'names');
      mkdirSync(folder);
      for (const [index, trick] of INJECTIONS.entries()) {
        const name = Buffer.from(`${index}-${wrapped(trick)}`.replaceAll(/[/\0]/g, '')).subarray(0, NAME_MAX - 8);
        writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), name]), '');
      }
      const lines = INJECTIONS.map((trick) => `${wrapped(trick)}\x1b\\\r\n`);
      const bytes = INJECTION_BYTES.map(({ bytes: trick }) => Buffer.concat([trick, Buffer.from('\x1b\\\r\n')]));
      writeFileSync(join(at.machine.root, 'output'), Buffer.concat([Buffer.from(lines.join('')), ...bytes]));

      const { dashboard } = await live(at);
      const title = dashboard.flag('pane_title');
      // What the tricks ask of the emulator is answered to whoever reads there: not to the editor of bash, which would take
      // it for commands, but to a program that waits until all of it has come.
      const swallow = `sh -c 'echo al""l of it; exec cat >/dev/null'`;
      dashboard.enter(`cd ${folder}; ls -N --show-control-chars; cat ../output; printf '\\033c'; cd; ${swallow}`);
      await dashboard.until('all of it');
      dashboard.press('C-c');
      await dashboard.until(/\^C\n.*[#$] *\n/);
      await answers(dashboard);
      expect(dashboard.text().split('\n')[0]).toContain('● LIVE front-desk-2');
      expect(dashboard.text()).toContain(IN_SHELL);
      expect(dashboard.flag('pane_title')).toBe(title);
      expect(dashboard.flag('alternate_on')).toBe('1');
      dashboard.enter('echo "the $((20 + 1))st"');
      await dashboard.until(/^the 21st$/m);
      const tricks = IN_A_STREAM.filter(({ name }) => !SHELL_MAY.test(name));
      expect(await arrived(dashboard, 'the 21st', tricks)).toEqual([]);
    }));

  it('in the chat', () =>
    story({}, async (at) => {
      const { dashboard } = await live(at);
      dashboard.press('C-]');
      await dashboard.until('type in the shell');
      dashboard.press('5');
      await dashboard.until('leave the field');
      const person = await at.machine.connectLocal();
      for (const trick of INJECTIONS) await person.say(null, wrapped(trick).slice(0, CHAT_MAX));
      expect(await at.machine.chaperoned('say', '\x1b]0;pwned\x07that was', 'all')).toMatchObject({ code: 0 });
      const screen = await dashboard.until(/local user +that was all/);
      expect(screen).toContain('before');
      expect(await arrived(dashboard, 'that was all')).toEqual([]);
    }));

  it('in a host name, a process name and a line of the system log', async (context) => {
    if (!mayUnshare()) return context.skip('NOT TESTED: host name and log can only be replaced as root');
    const setUp = [
      "printf 'evil\\033]0;pwned\\007host' > /proc/sys/kernel/hostname",
      'mkdir -p "$CHAPERONE_HOME/log"',
      'mount --bind "$CHAPERONE_HOME/log" /var/log',
      'if [ -d /run/log ]; then mount --bind "$CHAPERONE_HOME/log" /run/log; fi',
      'exec "$@"',
    ].join('; ');
    await story({ launcher: [...NAMESPACES, 'sh', '-c', setUp, 'sh'] }, async (at) => {
      const { machine } = at;
      const lines = INJECTIONS.map((trick) => `Nov 22 12:00:00 host service: ${wrapped(trick)}\n`);
      writeFileSync(join(machine.chaperoneHome, 'log', 'syslog'), `${lines.join('')}Nov 22 12:00:01 host last line\n`);
      const hogs = spawnHogs(machine.root);
      try {
        const prompt = await promptOf(at);
        const dashboard = await ask(at, { scopes: ['diagnostics'], cols: 160, rows: 45 });
        await allow(prompt);
        await dashboard.until('> System overview');
        await runDiagnostic(dashboard, 'System overview');
        await dashboard.until(/Name +evilhost/);
        await toList(dashboard);
        await runDiagnostic(dashboard, 'Busiest programs');
        await dashboard.until(/hog/);
        await toList(dashboard);
        await runDiagnostic(dashboard, 'Recent system log');
        dashboard.press('G');
        await dashboard.until(/before.*after|last line/);
        expect(await arrived(dashboard, 'Recent system log · Done')).toEqual([]);
        expect(dashboard.flag('pane_title')).not.toContain('pwned');

        // The same as plain text on the technician's terminal.
        for (const [check, shows] of [
          ['system-overview', 'evilhost'],
          ['busy-programs', 'hog'],
          ['system-log', 'last line'],
        ] as const) {
          const { hostKey } = await machine.status();
          const wish = ['--fingerprint', hostKey, '--code', await machine.code(), '--reason', 'r', '--ticket', 't'];
          const run = at.chaperone(['run', machine.address, check, ...wish], { cols: 160, rows: 45 });
          await allow(prompt);
          expect(await run.exited()).toBe(0);
          expect(await arrived(run, shows)).toEqual([]);
        }
      } finally {
        for (const hog of hogs) hog.kill('SIGKILL');
      }
    });
  });
});

/** From the list to what a check says, past the form for its parameters if it has one. */
async function runDiagnostic(dashboard: StoryWindow, title: string): Promise<void> {
  const marked = (screen: string) => /^ *> (.*?)(?: {2,}|│)/m.exec(screen)?.[1];
  for (let before = marked(await dashboard.until((screen) => marked(screen) !== undefined)); before !== title; ) {
    dashboard.press('j'); // one at a time: a key that is pressed for an old screen goes past the mark
    const now = (screen: string) => marked(screen) !== before && marked(screen) !== undefined;
    before = marked(await dashboard.until(now));
  }
  dashboard.press('Enter');
  const done = `${title} · Done`;
  const screen = await dashboard.until(new RegExp(`\\[ Run \\]|${done}`));
  if (!screen.includes(done)) {
    dashboard.press('Enter'); // all its parameters have a value already
    await dashboard.until(done);
  }
}

/** Back from what a check said. */
async function toList(dashboard: StoryWindow): Promise<void> {
  dashboard.press('Escape');
  await dashboard.untilGone('run again');
}

/** Programs with bad names that keep a processor busy: by their file, and by what they call themselves. */
function spawnHogs(root: string): ChildProcess[] {
  return ['\x1b]0;pwned\x07hog', 'hog\x1b[41;43H', 'hog\x9d0;pwned'].map((name) => {
    const file = join(root, name);
    copyFileSync('/bin/bash', file);
    return spawn(file, ['-c', 'while :; do :; done'], { argv0: name, stdio: 'ignore', env: { CHAPERONE_HOME: root } });
  });
}

describeWith('tmux', 'escape sequences do nothing to the terminal of the local user', () => {
  it('in request, chat, notes and output', () =>
    story({}, async (at) => {
      const prompt = await promptOf(at);
      const watch = at.chaperoned(['watch']);
      await watch.until('Nobody is connected.');
      const technician = await at.machine.technician({
        reason: `really \x1b]0;pwned\x07\x1b[41;43H needed`,
        ticket: 'T-\x1b[2;77J1',
      });
      await allow(prompt);
      await technician.ready;
      const control = await technician.control();
      for (const trick of INJECTIONS) {
        await control.request('chat.send', { text: wrapped(trick).slice(0, CHAT_MAX) });
      }
      await control.request('note.add', { text: '\x1b]0;pwned\x07note' });
      const shell = await technician.shell();
      const lines = INJECTIONS.map((trick) => `${wrapped(trick)}\x1b\\\r\n`).join('');
      writeFileSync(join(at.machine.root, 'output'), lines);
      shell.enter(`cat ${join(at.machine.root, 'output')}; printf '\\033c'; echo "the $((20 + 1))st"`);
      await shell.until('the 21st');
      await watch.until(/^the 21st$/m);
      await control.request('chat.send', { text: 'that was all' });
      await watch.until('that was all');
      const tricks = IN_A_STREAM.filter(({ name }) => !SHELL_MAY.test(name));
      expect(await arrived(watch, 'that was all', tricks)).toEqual([]);
      expect(await arrived(prompt, 'is connected')).toEqual([]);
      expect(watch.flag('pane_title')).not.toContain('pwned');
    }));
});
