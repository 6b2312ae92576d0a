// The way of a connection, read from top to bottom. Each layer is a file of this folder and knows only the next.

import { v7 as uuidv7 } from 'uuid';
import type { Machine } from '../machine.ts';
import { keepChat } from '../session/keep-chat.ts';
import { Refusals } from '../session/refusals.ts';
import { Session } from '../session/session.ts';
import { settle } from '../session/settle.ts';
import type { TechnicianConnection } from '../ssh/connection.ts';
import { type Authenticated, authenticate } from './authenticate.ts';
import { comeBack } from './come-back.ts';
import { consent, type Granted } from './consent.ts';
import { pair } from './pair.ts';
import { permit } from './permit.ts';
import { sayTrouble } from './say-trouble.ts';
import { keepGrant, start } from './start-session.ts';
import { statusOf } from './status.ts';
import { watchConnection } from './watch-connection.ts';
import { RevocationWatch } from './watch-revocation.ts';

const TOO_MANY = 'too many connections of its key wait for a code or an answer: the oldest goes';

/** Resolves when the connection is over, with or without a session; rejects with `Refused` when there was none. */
export async function walk(connection: TechnicianConnection, machine: Machine): Promise<void> {
  const id = uuidv7();
  const refusals = new Refusals(id, machine.log);
  const authenticated = await authenticate(connection, id, machine);
  connection.onRefused = (refusal) => refusals.record(refusal);
  using revocation = new RevocationWatch(connection, authenticated, machine);
  using beginning = new DisposableStack();
  const { grant, kept } = await sayTrouble(authenticated.conversation, machine, async () => {
    const { grant, recorded } = await askForGrant(connection, authenticated, id, machine);
    beginning.use(machine.sessions.beginning());
    const kept = keepGrant(grant, machine); // in the log with the answer, by one write
    await recorded;
    return { grant, kept };
  });

  const session = new Session(grant, refusals);
  using _live = machine.sessions.add(session);
  watchConnection(connection, session);
  revocation.bind(session);
  keepChat(session, machine);
  const surface = permit(connection, session, machine); // → record → run, for each shell
  const receipt = machine.sessions.hold(settle(session, machine));
  beginning.dispose(); // from here on it can be ended
  await start(connection, authenticated, session, kept, machine);

  const note = await receipt;
  surface.sendReceipt(note);
  machine.sessions.settled.emit({ session, receipt: note });
  connection.close();
}

/** Everything that waits for people, in one of the few places for connections of one key. */
async function askForGrant(
  connection: TechnicianConnection,
  authenticated: Authenticated,
  id: string,
  machine: Machine,
): Promise<Granted> {
  const { conversation, technician } = authenticated;
  using _place = machine.waiting.enter(technician.keyFingerprint, () => {
    machine.refused.record(connection.address, TOO_MANY);
    const words = 'Another request with your key came later, so this one was given up.';
    void conversation
      .refuse(statusOf(machine)('refused', words, { code: 'too-many-connections' }))
      .finally(() => connection.close());
  });
  return (
    (await comeBack(connection, authenticated, id, machine)) ??
    (await consent(connection, await pair(connection, authenticated, id, machine), id, machine))
  );
}
