// Promise 9, from the person's first moment on: whoever has allowed a session can end it before it is open.

import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Machine } from '../machine.ts';
import { effectivePolicy } from '../policy/effective.ts';
import { Sessions } from '../session/sessions.ts';
import { newSession } from '../session/test-session.ts';
import { LocalUser } from './local-user.ts';

it('ends a session that was allowed a moment ago and is on its way through the log', async () => {
  const sessions = new Sessions();
  const policy = effectivePolicy({ machine: {}, organisation: { kind: 'none' } });
  const parts: Partial<Machine> = { sessions, policy };
  const rest = { leases: { cancel: async () => undefined }, log: { onEvent: () => undefined } };
  const machine = { ...parts, ...rest } as unknown as Machine;
  const beginning = sessions.beginning();
  const ended = new LocalUser(machine, () => []).end(null);
  await setImmediate(); // the disk takes its time
  const session = newSession();
  using _ = sessions.add(session);
  beginning[Symbol.dispose]();
  expect(await ended).toMatchObject([{ id: session.id, state: 'ended' }]);
  expect(await session.ended).toMatchObject({ by: 'local user' });
});
