// Promise 4: no recorder, no session. A limit on the size of files stands for a full disk, so that this needs no root;
// test/e2e/disk-full.test.ts fills a real one.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type MachineOptions, RealMachine } from '../harness/real-machine.ts';
import { Transcript } from '../harness/transcript.ts';
import { describeWith } from '../requires.ts';

const BLOCK = 1024; // bytes, in bash's `ulimit -f`
const LIMIT_BLOCKS = 2048;
const ZEROS = 1_000_000; // bytes; each is six in a recording
const SECRETS = 800;
const NEARLY_FULL = 1024 * 1024 - 12_000; // bytes: less is left than the secrets need

describeWith('bash', 'promise 4: no recorder, no session', () => {
  it.each<[string, MachineOptions, string]>([
    [
      'the disk is full',
      { launcher: ['bash', '-c', `ulimit -f ${LIMIT_BLOCKS}; exec "$@"`, 'bash'] },
      'the recording cannot be written',
    ],
    [
      'the policy lets it grow no further',
      { maxRecording: '1MiB' },
      'the recording has reached the size that the policy allows',
    ],
  ])('pauses when %s, then ends, and tells both', async (_, options, why) => {
    await using machine = await RealMachine.start(options);
    const local = await machine.connectLocal();
    const states = new Transcript();
    await local.watch({
      onSession: ({ state, because }) => states.append(`${state}: ${because}\n`),
      onFrame: () => undefined,
      onNotice: () => undefined,
      onReceipt: () => undefined,
    });
    await using technician = await machine.session();
    const control = await technician.control();
    const shell = await technician.shell();
    shell.enter(`head -c ${LIMIT_BLOCKS * BLOCK * 4} /dev/zero | tr '\\0' x | fold -w 70`);
    await shell.closed;
    await control.received.until(/"method":"session.state".*"paused".*cannot be recorded/);
    await control.received.until(/"method":"session.state".*"ended".*cannot be recorded/);
    await states.until(`paused: the session cannot be recorded any more: ${why}`);
    await states.until(`ended: the session cannot be recorded any more: ${why}`);
    await machine.untilRecorded(({ type }) => type === 'recording.failed');
    await machine.untilRecorded(({ type }) => type === 'session.ended');
    expect(machine.sessionProcesses()).toEqual([]);
  });
});

describe('promise 4: no recorder, no session', () => {
  it('shows the technician nothing that did not fit into the recording any more', async () => {
    await using machine = await RealMachine.start({ maxRecording: '1MiB', program: '/bin/sh' });
    const secrets = Array.from({ length: SECRETS }, (_, index) => `patient-${index} secret-record`).join('\n');
    writeFileSync(join(machine.root, 'home', 'patients.txt'), `${secrets}\n`);
    await using technician = await machine.session();
    const shell = await technician.shell({ term: 'dumb' });
    shell.enter('stty -echo; echo r$((1+1))');
    await shell.until('r2');
    shell.enter(`head -c ${NEARLY_FULL} /dev/zero | tr '\\0' x; echo; echo f$((1+1))`);
    await shell.until('f2');
    shell.enter('cat ~/patients.txt; cat ~/patients.txt');
    await shell.closed;
    await machine.end().catch(() => undefined); // it ends by itself
    const { session } = await machine.untilRecorded(({ type }) => type === 'receipt.issued');
    const cast = readFileSync(join(machine.home, 'sessions', session ?? '', 'shell-1.cast'), 'utf8');
    const of = (text: string) => text.split('secret-record').length - 1;
    expect(of(cast)).toBeGreaterThanOrEqual(of(shell.text));
    expect(of(shell.text)).toBeLessThan(SECRETS * 2);
    expect(cast.length).toBeLessThanOrEqual(1024 * 1024);
  });

  it('ends a suggested command whose recording is full, and shows nothing that is not in it', async () => {
    await using machine = await RealMachine.start({
      maxRecording: '1MiB',
      scopes: { technician: ['shell.suggest'] },
    });
    const person = await machine.person();
    await using technician = await machine.session({ scopes: 'shell.suggest' });
    const control = await technician.control();
    const proposed = control.request('command.propose', { command: `head -c ${ZEROS} /dev/zero`, purpose: 'to see' });
    const asked = await person.suggested();
    await proposed;
    await asked.approve();
    const { session } = await machine.untilRecorded(({ type }) => type === 'receipt.issued');
    const cast = readFileSync(join(machine.home, 'sessions', session ?? '', 'command-1.cast'), 'utf8');
    const texts = control.heard('command.output').map((params) => String(Reflect.get(Object(params), 'text')));
    const zeros = cast.split('\\u0000').length - 1;
    expect(texts.join('').length).toBeLessThanOrEqual(zeros);
    expect(zeros).toBeLessThan(ZEROS);
    expect(cast.length).toBeLessThanOrEqual(1024 * 1024);
  });

  it('holds the input and output of a paused session, and goes on where it stopped', async () => {
    await using machine = await RealMachine.start();
    await using technician = await machine.session();
    const shell = await technician.shell();
    shell.enter('echo $((6*7))');
    await shell.until('42');
    const control = await technician.control();
    await machine.pause();
    await control.request('session.info'); // whatever was on its way has arrived: the prompt behind the 42
    const held = shell.bytes;
    shell.enter('echo $((7*7))');
    await control.request('session.info');
    expect(shell.bytes).toBe(held);
    await machine.resume();
    await shell.until('49');
    await machine.end();
  });

  it('holds sizes while it is paused, and gives the shell the newest one alone', async () => {
    await using machine = await RealMachine.start();
    await using technician = await machine.session();
    const control = await technician.control();
    const shell = await technician.shell();
    shell.enter(`sh -c "trap 'echo size \\$(stty size)' WINCH; echo re''ady; while :; do sleep 0.05; done"`);
    await shell.until(/ready\r\n/);
    await machine.pause();
    shell.resize(50, 20);
    shell.resize(132, 43);
    await control.request('session.info'); // the sizes have arrived
    await machine.resume();
    await shell.until('size 43 132');
    await machine.end();
    const { session } = await machine.untilRecorded(({ type }) => type === 'receipt.issued');
    const recorded = readFileSync(join(machine.home, 'sessions', session ?? '', 'shell-1.cast'), 'utf8');
    expect(recorded).toContain('"r", "132x43"');
    expect(recorded).not.toContain('50x20');
  });
});
