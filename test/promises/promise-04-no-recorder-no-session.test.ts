// Promise 4: no recorder, no session. A limit on the size of files stands for a full disk, so that this needs no root;
// test/e2e/disk-full.test.ts fills a real one.

import { describe, expect, it } from 'vitest';
import { RealMachine } from '../harness/real-machine.ts';
import { describeWith } from '../requires.ts';

const BLOCK = 1024; // bytes, in bash's `ulimit -f`
const LIMIT_BLOCKS = 2048;

describeWith('bash', 'promise 4: no recorder, no session', () => {
  it('pauses when the recording cannot grow, then ends, and tells both', async () => {
    await using machine = await RealMachine.start({
      launcher: ['bash', '-c', `ulimit -f ${LIMIT_BLOCKS}; exec "$@"`, 'bash'],
    });
    const local = await machine.connectLocal();
    const states: string[] = [];
    await local.watch({
      onSession: ({ state, because }) => void states.push(`${state}: ${because}`),
      onFrame: () => undefined,
      onNotice: () => undefined,
      onReceipt: () => undefined,
    });
    await using technician = await machine.session();
    const control = await technician.control();
    const shell = await technician.shell();
    shell.enter(`head -c ${LIMIT_BLOCKS * BLOCK * 4} /dev/zero | tr '\\0' x | fold -w 70`);
    await shell.closed;
    const told = control.heard('session.state').map((state) => JSON.stringify(state));
    for (const seen of [told, states]) {
      expect(seen.some((line) => /paused/.test(line) && /cannot be recorded/.test(line))).toBe(true);
      expect(seen.some((line) => /ended/.test(line) && /cannot be recorded/.test(line))).toBe(true);
    }
    const types = (await machine.record()).map(({ type }) => type);
    expect(types).toContain('recording.failed');
    expect(types).toContain('session.ended');
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
});
