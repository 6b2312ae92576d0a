// Promise 4: no recorder, no session. A limit on the size of files stands for a full disk, so that this needs no root;
// test/e2e/disk-full.test.ts fills a real one.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type MachineOptions, RealMachine } from '../harness/real-machine.ts';
import { Transcript } from '../harness/transcript.ts';
import { describeWith } from '../requires.ts';

const BLOCK = 1024; // bytes, in bash's `ulimit -f`
const LIMIT_BLOCKS = 2048;

describeWith('bash', 'promise 4: no recorder, no session', () => {
  it.each<[string, MachineOptions]>([
    ['the disk is full', { launcher: ['bash', '-c', `ulimit -f ${LIMIT_BLOCKS}; exec "$@"`, 'bash'] }],
    ['the policy lets it grow no further', { maxRecording: '1MiB' }],
  ])('pauses when %s, then ends, and tells both', async (_, options) => {
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
    await states.until(/^paused: .*cannot be recorded/m);
    await states.until(/^ended: .*cannot be recorded/m);
    await machine.untilRecorded(({ type }) => type === 'recording.failed');
    await machine.untilRecorded(({ type }) => type === 'session.ended');
    expect(machine.sessionProcesses()).toEqual([]);
  });
});

describe('promise 4: no recorder, no session', () => {
  it('holds the input and output of a paused session, and goes on where it stopped', async () => {
    await using machine = await RealMachine.start();
    await using technician = await machine.session();
    const shell = await technician.shell();
    shell.enter('echo $((6*7))');
    await shell.until('42');
    await machine.pause();
    const held = shell.bytes;
    shell.enter('echo $((7*7))');
    const control = await technician.control();
    await control.request('session.info'); // whatever was on its way has arrived
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
    shell.enter(`trap 'echo "size $(stty size)"' WINCH; echo re''ady`);
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
