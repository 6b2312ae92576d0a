// Whoever starts `chaperone connect` from a script reads in its exit code what came of it, also with the dashboard.

import { expect, it } from 'vitest';
import { LocalMachine } from '../../test/dashboard/local-machine.ts';
import type { ConnectForm } from '../dashboard/ports.ts';
import { remembered } from './dashboard.ts';

const form: ConnectForm = {
  address: '482913077',
  code: '27-harbor-violet',
  reason: 'r',
  ticket: 't',
  scopes: ['diagnostics'],
};
const people = { onWaiting: () => undefined, onHostKey: async () => true, onCode: async () => null };

it('is 3 after a denial, and 0 when a later try was allowed', async () => {
  const machine = new LocalMachine();
  const { connect, last } = remembered(machine.ports().connect);
  expect(last().code).toBe(0);
  const ask = () => connect.connect(form, { ...people, signal: new AbortController().signal });
  const denied = ask();
  machine.do('deny');
  await expect(denied).rejects.toThrow('denied');
  expect(last().code).toBe(3);
  const allowed = ask();
  expect(last().code).toBe(1);
  machine.do('allow');
  const session = await allowed;
  await session.end();
  expect(last().code).toBe(0); // its receipt says that the technician ended it
  expect(last().words).toContainEqual(expect.stringContaining(`chaperone receipt ${session.id}`));
});
