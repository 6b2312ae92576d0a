// Promise 10: fail closed, with the reason shown on both sides and an audit event.

import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RealMachine } from '../harness/real-machine.ts';

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
