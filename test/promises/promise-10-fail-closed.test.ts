// Promise 10: fail closed, with the reason shown on both sides and an audit event.

import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RealMachine } from '../harness/real-machine.ts';
import { runProgram } from '../harness/run-program.ts';
import { describeWith } from '../requires.ts';

describe('promise 10: fail closed, and say why', () => {
  it('denies when nobody can be asked', async () => {
    await using machine = await RealMachine.start();
    await using technician = await machine.technician();
    await expect(technician.ready).rejects.toThrow('no one could be asked');
    const denied = await machine.untilRecorded(({ type }) => type === 'consent.denied');
    expect(denied.fields.reason).toContain('no prompt is open');
    expect((await machine.status()).sessions).toEqual([]);
  });

  it('does not start with a policy that it cannot read, or that others may write', async () => {
    await using machine = await RealMachine.start();
    await machine.stop();
    const good = readFileSync(machine.policyFile, 'utf8');
    writeFileSync(machine.policyFile, `${good}\nsurprise: true\n`);
    await expect(machine.startAgain()).rejects.toThrow('surprise');
    writeFileSync(machine.policyFile, good);
    chmodSync(machine.policyFile, 0o666);
    await expect(machine.startAgain()).rejects.toThrow('can be changed by other users');
    chmodSync(machine.policyFile, 0o600);
    await machine.startAgain();
  });

  it('does not start with a damaged identity, or where another daemon runs', async () => {
    await using machine = await RealMachine.start();
    const second = await machine.chaperoned('start', '--config', machine.policyFile);
    expect(second.code).not.toBe(0);
    expect(second.stderr).toMatch(/already|running/);
    await machine.stop();
    const identity = join(machine.home, 'identity', 'machine.json');
    const good = readFileSync(identity, 'utf8');
    writeFileSync(identity, '{}');
    await expect(machine.startAgain()).rejects.toThrow('damaged');
    writeFileSync(identity, good);
  });
});

describeWith('prlimit', 'promise 10: fail closed, and say why', () => {
  /** From now on the machine can write nothing more, as on a full disk. */
  async function fillDisk(machine: RealMachine): Promise<void> {
    const { code } = await runProgram(['prlimit', '--pid', String(machine.pid), '--fsize=1'], { environment: {} });
    expect(code).toBe(0);
  }

  it('tells the technician when the answer of the person cannot be written down', async () => {
    await using machine = await RealMachine.start();
    const person = await machine.person();
    await using technician = await machine.technician();
    const question = await person.asked();
    await technician.untilTold('displayed');
    await machine.untilRecorded(({ type }) => type === 'consent.displayed');
    await fillDisk(machine);
    await question.allow();
    await expect(technician.ready).rejects.toThrow('cannot keep its log at the moment');
    expect(await machine.status()).toMatchObject({ sessions: [], log: { healthy: false } });
  });

  it('tells a technician who comes when nothing can be written down any more', async () => {
    await using machine = await RealMachine.start();
    await machine.person();
    const code = await machine.code();
    await fillDisk(machine);
    await using technician = await machine.technician({ code });
    await expect(technician.ready).rejects.toThrow('so no session can start');
    expect((await machine.status()).sessions).toEqual([]);
  });
});
