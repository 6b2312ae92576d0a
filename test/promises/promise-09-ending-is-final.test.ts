// Promise 9: ending is immediate and final. No byte of the session reaches the technician after the person ends, and
// no process of it survives, however it tried to get away.

import { randomInt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { killFound, processesWith } from '../harness/processes.ts';
import { RealMachine } from '../harness/real-machine.ts';

const SHELLS = 6; // opened in one moment
const BEGUN_MS = 30_000; // for programs to start, on a slow, busy machine

describe('promise 9: ending is immediate and final', () => {
  it('cuts a flood: nothing but the notice comes after `chaperoned end` returned', async () => {
    await using machine = await RealMachine.start();
    await using technician = await machine.session();
    const shells = await Promise.all([technician.shell(), technician.shell(), technician.shell()]);
    for (const shell of shells) shell.enter('yes flood');
    await Promise.all(shells.map((shell) => shell.until('flood\r\nflood')));
    const ended = await machine.chaperoned('end');
    expect(ended.code).toBe(0);
    // Behind all that was sent before the end; this side may be slow to read it.
    await Promise.all(shells.map((shell) => shell.notices.until('ended the session')));
    const bytes = shells.map((shell) => shell.bytes);
    const ends = await Promise.all(shells.map((shell) => shell.closed));
    expect(ends.map(({ code }) => code)).toEqual([6, 6, 6]);
    await technician.closed;
    expect(shells.map((shell) => shell.bytes)).toEqual(bytes);
    for (const shell of shells) {
      expect(shell.notices.text.trim()).toBe('the person at the machine ended the session');
    }
    expect(machine.sessionProcesses()).toEqual([]);
  });

  it('leaves no process: background, nohup, setsid, double fork, an empty environment, a deaf one', async () => {
    const mark = `9${randomInt(1e8, 1e9)}`; // seconds of sleep that nobody else sleeps
    await using machine = await RealMachine.start();
    try {
      await using technician = await machine.session();
      const started = await machine.untilRecorded(({ type }) => type === 'session.started');
      const shell = await technician.shell();
      const tricks = [
        `sleep ${mark}1 &`,
        `nohup sleep ${mark}2 >/dev/null 2>&1 &`,
        `setsid sleep ${mark}3 &`,
        `(setsid sh -c "sleep ${mark}4 & sleep ${mark}5 &" &)`,
        `sh -c "trap '' TERM HUP INT QUIT; sleep ${mark}6" &`,
        // It cuts every tie that could be followed; only a namespace holds it.
        ...(started.fields.containment === 'namespace' ? [`(env -i setsid sleep ${mark}7 &)`] : []),
      ];
      for (const trick of tricks) shell.enter(trick);
      shell.enter('echo al""l');
      await shell.until(/^all/m);
      // A shell does not wait until what it sends to the background has become another program.
      const commands = () => new Set(processesWith(mark).map(({ command }) => command)).size;
      await expect.poll(commands, { timeout: BEGUN_MS }).toBeGreaterThanOrEqual(tricks.length);
      await machine.end();
      expect(processesWith(mark)).toEqual([]);
      const ended = await machine.untilRecorded(({ type }) => type === 'session.ended');
      expect(ended.fields.processesLeft).toBe(0);
    } finally {
      killFound(processesWith(mark));
    }
  });

  it('holds when the daemon is stopped, and when the technician goes away', async () => {
    const mark = `8${randomInt(1e8, 1e9)}`;
    await using machine = await RealMachine.start();
    try {
      const vanishing = await machine.session();
      const first = await vanishing.shell();
      first.enter(`setsid sleep ${mark} & echo re""ady`);
      await first.until(/^ready/m);
      const from = (await machine.record()).length;
      await vanishing[Symbol.asyncDispose]();
      await machine.untilRecorded(({ type }) => type === 'session.ended', from);
      expect(processesWith(mark)).toEqual([]);

      const staying = await machine.session();
      const second = await staying.shell();
      second.enter(`setsid sleep ${mark} & echo re""ady`);
      await second.until(/^ready/m);
      expect(await machine.stop()).toEqual({ code: 0, signal: null });
      expect(processesWith(mark)).toEqual([]);
    } finally {
      killFound(processesWith(mark));
    }
  });

  it('waits for shells that are just being opened: each is closed before the session has ended', async () => {
    await using machine = await RealMachine.start();
    await using technician = await machine.session();
    const control = await technician.control();
    const from = (await machine.record()).length;
    // Accepted, and their recordings and the log are only now being written.
    await Promise.all(Array.from({ length: SHELLS }, () => technician.shell()));
    void control.request('session.end');
    await technician.closed;
    await machine.untilRecorded(({ type }) => type === 'receipt.issued', from);
    const types = (await machine.record(from)).map(({ type }) => type);
    expect(types.filter((type) => type === 'shell.closed')).toHaveLength(SHELLS);
    expect(types.lastIndexOf('shell.closed')).toBeLessThan(types.indexOf('session.ended'));
    expect(machine.sessionProcesses()).toEqual([]);
  });
});
