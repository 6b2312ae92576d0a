// The policy is changed while technicians are connected: what it takes is gone at once, what is broken changes nothing
// (promises 2 and 10). Everything is the real, compiled daemon.

import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { kill } from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { RealMachine } from '../harness/real-machine.ts';
import type { RecordedEvent } from '../harness/record.ts';

const IN_FORCE_MS = 30_000; // a slow, busy machine

let machine: RealMachine;
let original: string;
beforeAll(async () => {
  machine = await RealMachine.start({ technicians: [{ name: 'Dana Roe' }, { name: 'Kim Low', role: 'lead' }] });
  original = readFileSync(machine.policyFile, 'utf8');
});
afterAll(() => machine[Symbol.asyncDispose]());

interface PolicyData {
  scopes?: Readonly<Record<string, readonly string[]>>;
  technicians: unknown[];
  consent?: Readonly<Record<string, string>>;
  diagnostics?: { readonly refuse: readonly string[] };
  listen: string[];
}

/** Puts another file in its place, as editors do; waits until the record has `type`, and until it holds if it was loaded. */
async function change(text: string, type: 'policy.loaded' | 'policy.refused'): Promise<RecordedEvent> {
  const since = async () => (await machine.status()).policy.since;
  const before = await since();
  const from = (await machine.record()).length;
  writeFileSync(`${machine.policyFile}.new`, text, { mode: 0o600 });
  renameSync(`${machine.policyFile}.new`, machine.policyFile);
  const event = await machine.untilRecorded((candidate) => candidate.type === type, from);
  // The record has it first (promise 5): a moment later it holds.
  if (type === 'policy.loaded') await expect.poll(since, { timeout: IN_FORCE_MS }).not.toBe(before);
  return event;
}

async function edit(edit: (policy: PolicyData) => void): Promise<RecordedEvent> {
  const policy: PolicyData = parse(original);
  edit(policy);
  return change(stringify(policy), 'policy.loaded');
}

const restore = () => change(original, 'policy.loaded');

describe('while a session lives, a policy that', () => {
  it('does not allow shells any more ends the shell, and leaves the session what is left', async () => {
    await using technician = await machine.session();
    const control = await technician.control();
    const shell = await technician.shell();
    shell.enter('sleep 1000 & echo begun');
    await shell.until('begun');
    await edit((policy) => {
      policy.scopes = { technician: ['diagnostics'], lead: ['diagnostics'] };
    });
    expect((await shell.closed).code).toBe(6);
    expect(shell.notices.text).toContain("computer's policy does not allow this any more");
    await control.received.until('grant.changed');
    expect(machine.sessionProcesses()).toEqual([]);
    expect((await machine.status()).sessions.map(({ scopes }) => scopes)).toEqual([['diagnostics']]);
    await expect(technician.shell()).rejects.toThrow();
    const { fields } = await machine.untilRecorded(({ type }) => type === 'grant.changed');
    expect(fields).toMatchObject({ by: 'machine', withdrawn: ['shell'], scopes: ['diagnostics'] });
    await restore();
    expect((await machine.status()).sessions[0]?.scopes).toEqual(['diagnostics']);
    await machine.end();
  });

  it('refuses a diagnostic that runs stops it, and no other', async () => {
    await using technician = await machine.session();
    const control = await technician.control();
    for (const id of ['vitals', 'memory']) {
      expect((await control.request('diagnostics.run', { id, parameters: {} })).error).toBeUndefined();
    }
    await control.received.until('diagnostics.output');
    await edit((policy) => {
      policy.diagnostics = { refuse: ['vital*'] };
    });
    const { fields } = await machine.untilRecorded(
      ({ type, fields }) => type === 'diagnostic.ended' && fields.id === 'vitals',
    );
    expect(fields).toMatchObject({ outcome: 'cancelled', message: expect.stringContaining("this computer's policy") });
    await restore();
    await machine.end();
  });

  it('does not list the technician any more ends their session, and no other', async () => {
    await using kim = await machine.session({ name: 'Kim Low' });
    await using dana = await machine.session();
    await edit((policy) => {
      policy.technicians.shift();
    });
    await dana.closed;
    const { fields } = await machine.untilRecorded(
      ({ type, fields }) => type === 'session.ended' && String(fields.reason).includes('does not list'),
    );
    expect(fields.by).toBe('machine');
    expect((await machine.status()).sessions.map(({ technician }) => technician.name)).toEqual(['Kim Low']);
    await restore();
    await machine.end();
    await kim.closed;
  });

  it('shortens sessions moves the end of this one, and never puts it off', async () => {
    await using technician = await machine.session();
    const control = await technician.control();
    const [before] = (await machine.status()).sessions;
    await edit((policy) => {
      policy.consent = { maxSession: '30m' };
    });
    await control.received.until('grant.changed');
    const [after] = (await machine.status()).sessions;
    const length = Date.parse(after?.expiresAt ?? '') - Date.parse(after?.startedAt ?? '');
    expect(length).toBe(30 * 60_000);
    expect(Date.parse(after?.expiresAt ?? '')).toBeLessThan(Date.parse(before?.expiresAt ?? ''));
    await restore();
    expect((await machine.status()).sessions[0]?.expiresAt).toBe(after?.expiresAt);
    await machine.end();
  });
});

describe('while the person reads the question, a policy that', () => {
  it('does not list the technician any more makes their yes too late', async () => {
    const from = (await machine.record()).length;
    const person = await machine.person();
    const technician = await machine.technician();
    const question = await person.asked();
    await edit((policy) => {
      policy.technicians.shift();
    });
    await question.allow();
    await technician.closed;
    const { fields } = await machine.untilRecorded(({ type }) => type === 'consent.denied', from);
    expect(fields.reason).toContain('does not list this technician any more');
    expect((await machine.record(from)).map(({ type }) => type)).not.toContain('session.started');
    await restore();
    person[Symbol.dispose]();
  });

  it('takes a permission takes it out of the yes', async () => {
    const person = await machine.person();
    const technician = await machine.technician();
    const question = await person.asked();
    const from = (await machine.record()).length;
    await edit((policy) => {
      policy.scopes = { technician: ['diagnostics'], lead: ['diagnostics'] };
    });
    await question.allow(['diagnostics', 'shell']);
    await technician.ready;
    const { fields } = await machine.untilRecorded(({ type }) => type === 'consent.granted', from);
    expect(fields.scopes).toEqual(['diagnostics']); // not even until the session is narrowed
    expect((await machine.status()).sessions.map(({ scopes }) => scopes)).toEqual([['diagnostics']]);
    await restore();
    await machine.end();
    person[Symbol.dispose]();
  });
});

describe('a policy that is broken', () => {
  it('changes nothing, is recorded, and is told of until it is mended', async () => {
    const { fields } = await change(original.replace('sandbox', 'sandbxo'), 'policy.refused');
    expect(fields.problem).toContain('did you mean "sandbox"?');
    expect((await machine.status()).policy.notes).toEqual([expect.stringContaining('the former one still holds')]);
    await machine.logLines.until('a policy was refused');
    await using technician = await machine.session();
    await machine.end();
    await technician.closed;
    await edit((policy) => {
      policy.consent = { timeout: '90s' };
    });
    expect((await machine.status()).policy.notes).toEqual([]);
    await restore();
  });

  it('that others could have written is broken too', async () => {
    const from = (await machine.record()).length;
    chmodSync(machine.policyFile, 0o666);
    const { fields } = await machine.untilRecorded(({ type }) => type === 'policy.refused', from);
    expect(fields.problem).toContain('can be changed by other users');
    chmodSync(machine.policyFile, 0o600);
    const notes = async () => (await machine.status()).policy.notes;
    await expect.poll(notes, { timeout: IN_FORCE_MS }).toEqual([]);
  });
});

it('SIGHUP reads the files again, and the daemon runs on', async () => {
  const { pid } = await machine.status();
  await edit((policy) => {
    policy.listen = ['127.0.0.1:1'];
  });
  kill(pid, 'SIGHUP');
  const notes = async () => (await machine.status()).policy.notes; // a moment after it was recorded
  await expect
    .poll(notes, { timeout: IN_FORCE_MS })
    .toEqual([expect.stringContaining('takes effect at the next start')]);
  const { listen } = await machine.status();
  expect(listen[0]).not.toBe('127.0.0.1:1');
  await restore();
  expect((await machine.status()).pid).toBe(pid);
});
