// The person takes a permission back while a technician uses it as hard as they can.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalClient } from '../../daemon/local/client.ts';
import { GRANT_CHANGES_MAX, Receipt } from '../../protocol/receipt.ts';
import { openSignedJson } from '../../protocol/signed-json.ts';
import { RealMachine } from '../harness/real-machine.ts';
import { expectHealthy } from './health.ts';

let machine: RealMachine;
let pid: number;
let local: LocalClient;
beforeAll(async () => {
  machine = await RealMachine.start({
    technicians: [{ name: 'Dana Roe' }, { name: 'Kim Low', role: 'helper' }],
    scopes: { technician: ['diagnostics', 'shell'], helper: ['diagnostics'] },
  });
  pid = machine.pid;
  local = await machine.connectLocal();
});
afterAll(async () => {
  await expectHealthy(machine, pid);
  await machine[Symbol.asyncDispose]();
});

describe('a session that is paused', () => {
  it('sends nothing of a flood to a program that goes on reading, and takes no input from it', async () => {
    await using technician = await machine.session();
    const control = await technician.control();
    const shell = await technician.shell();
    const typed = join(machine.root, 'typed');
    shell.enter('yes');
    await shell.until('y\r\ny');
    await machine.pause();
    shell.enter(`\x03touch ${typed}; echo do''ne`);
    // What was on its way is here before an answer that was asked for after the pause.
    await control.request('session.info');
    const bytes = shell.bytes;
    for (let round = 0; round < 50; round += 1) await control.request('session.info');
    expect(shell.bytes).toBe(bytes);
    expect(existsSync(typed)).toBe(false);
    await machine.resume();
    await shell.until('done');
    expect(existsSync(typed)).toBe(true); // it waited, and is not lost
    await machine.end();
  });
});

describe('a permission that is taken back', () => {
  it('ends the shell that floods: no byte after it, no process left, and the session goes on', async () => {
    await using technician = await machine.session();
    const control = await technician.control();
    const shell = await technician.shell();
    shell.enter('yes in the background & yes');
    await shell.until('y\r\ny');
    await local.withdraw(null, ['shell']);
    const ending = shell.closed;
    expect((await ending).code).toBe(6);
    expect(shell.notices.text).toContain('took this permission back');
    const bytes = shell.bytes;
    await control.received.until('grant.changed');
    await control.request('session.info');
    expect(shell.bytes).toBe(bytes);
    expect(machine.sessionProcesses()).toEqual([]);
    await expect(technician.shell()).rejects.toThrow();
    expect((await control.request('diagnostics.run', { id: 'memory', parameters: {} })).error).toBeUndefined();
    expect((await machine.status()).sessions.map(({ scopes }) => scopes)).toEqual([['diagnostics']]);
    await machine.end();
  });

  it('is on the grant that the machine signs anew, in the log and on the receipt', async () => {
    const from = (await machine.record()).length;
    await using technician = await machine.session({ allow: ['shell'] });
    const control = await technician.control();
    await local.allow(null, ['diagnostics']);
    await control.received.until('grant.changed');
    await local.withdraw(null, ['shell']);
    const changed = await machine.untilRecorded(
      ({ type, fields }) => type === 'grant.changed' && String(fields.withdrawn) === 'shell',
      from,
    );
    expect(changed.fields).toMatchObject({ by: 'local user', scopes: ['diagnostics'] });
    const { machineKey } = await machine.status();
    await machine.end();
    await control.received.until('"method":"receipt"');
    const [told] = control.heard('receipt');
    const receipt = openSignedJson('receipt', Receipt, String(Reflect.get(Object(told), 'note')), machineKey);
    expect(receipt.grant.scopes).toEqual(['diagnostics']);
    expect(receipt.grantChanges?.map(({ added, withdrawn }) => [added, withdrawn])).toEqual([
      [['diagnostics'], []],
      [[], ['shell']],
    ]);
  });

  it('ends the session when it was the last one', async () => {
    await using technician = await machine.session({ allow: ['diagnostics'] });
    await local.withdraw(null, ['diagnostics']);
    await technician.closed;
    const { fields } = await machine.untilRecorded(
      ({ type, fields }) => type === 'session.ended' && fields.reason === 'no permission is left',
    );
    expect(fields.by).toBe('local user');
  });

  it('takes effect although it was allowed in the same moment', async () => {
    await using technician = await machine.session({ allow: ['diagnostics'] });
    const other = await machine.connectLocal();
    await Promise.all([local.allow(null, ['shell']), other.withdraw(null, ['shell'])]);
    // Whichever came first: what the log says last is what holds.
    const { sessions } = await machine.status();
    await machine.end();
    await technician.closed;
    const mine = ({ session }: { session: string | null }) => session === sessions[0]?.id;
    await machine.untilRecorded((event) => mine(event) && event.type === 'receipt.issued');
    const changes = (await machine.record()).filter((event) => mine(event) && event.type === 'grant.changed');
    expect(changes.at(-1)?.fields.scopes).toEqual(sessions[0]?.scopes);
  });
});

describe('a permission that is added', () => {
  it('is never more than policy gives to the role', async () => {
    await using kim = await machine.session({ name: 'Kim Low', scopes: 'diagnostics' });
    await expect(local.allow(null, ['shell'])).rejects.toThrow('cannot be allowed here');
    await expect(local.allow(null, ['shell.admin'])).rejects.toThrow('cannot be allowed here');
    await expect(kim.shell()).rejects.toThrow();
    await machine.end();
  });

  it('is for the one whom the person names when several are connected, and for nobody when they name none', async () => {
    await using dana = await machine.session({ name: 'Dana Roe', allow: ['diagnostics'] });
    await using kim = await machine.session({ name: 'Kim Low', allow: ['diagnostics'] });
    const scopes = async () => (await machine.status()).sessions.map((session) => session.scopes);
    await expect(local.allow(null, ['shell'])).rejects.toMatchObject({
      hint: expect.stringMatching(/Dana Roe \(--session .*Kim Low \(--session /),
    });
    expect(await scopes()).toEqual([['diagnostics'], ['diagnostics']]);
    const [first] = (await machine.status()).sessions;
    await local.allow(String(first?.id), ['shell']);
    expect(await scopes()).toEqual([['diagnostics', 'shell'], ['diagnostics']]);
    await machine.end();
    await Promise.all([dana.closed, kim.closed]);
  });

  it('is added a bounded number of times, and can be taken back each time', async () => {
    await using technician = await machine.session();
    for (let index = 0; index < GRANT_CHANGES_MAX / 2; index += 1) {
      await local.withdraw(null, ['shell']);
      await local.allow(null, ['shell']);
    }
    await expect(local.withdraw(null, ['shell'])).resolves.toHaveLength(1);
    await expect(local.allow(null, ['shell'])).rejects.toThrow('too often');
    await machine.end();
    await technician.closed;
  });
});
