// Promise 2: the machine decides. Here: its policy, its role for the technician, and its key under the grant.

import { describe, expect, it } from 'vitest';
import { Grant } from '../../protocol/grant.ts';
import { openSignedJson } from '../../protocol/signed-json.ts';
import { RealMachine } from '../harness/real-machine.ts';

describe('promise 2: the machine decides', () => {
  it('asks the person about no shell where policy wants a sandbox that is not there', async () => {
    await using machine = await RealMachine.start({ sandbox: 'strict' });
    const person = await machine.person();
    await using technician = await machine.technician({ scopes: 'shell' });
    await expect(technician.ready).rejects.toThrow('sandbox');
    expect(person.unseen).toBe(0);
  });

  it('signs what it granted, and grants no more than asked, ticked and allowed', async () => {
    await using machine = await RealMachine.start({ scopes: { technician: ['diagnostics', 'shell'] } });
    await using technician = await machine.session({ scopes: 'diagnostics shell shell.admin', allow: ['diagnostics'] });
    const control = await technician.control();
    const info = Object(((await control.request('session.info')) as { result?: unknown }).result);
    const { machineKey } = await machine.status();
    const grant = openSignedJson('grant', Grant, String(Reflect.get(info, 'grantNote')), machineKey);
    expect(grant.scopes).toEqual(['diagnostics']);
    await machine.end();
  });
});
