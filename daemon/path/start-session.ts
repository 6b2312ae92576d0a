// From grant to session: the grant is signed, stored and logged, the recorder works, and only then SSH opens.

import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Grant } from '../../protocol/grant.ts';
import { signJson } from '../../protocol/signed-json.ts';
import type { Machine } from '../machine.ts';
import { sessionDirectory } from '../session/directory.ts';
import type { Session } from '../session/session.ts';
import { AUDIT_TROUBLE, INDICATOR_GONE } from '../session/words.ts';
import type { TechnicianConnection } from '../ssh/connection.ts';
import type { Authenticated } from './authenticate.ts';
import { statusOf } from './status.ts';

/** A desktop opens its window after the answer, which takes a moment. */
const INDICATOR_UP_MS = 8_000;
export const GRANT_FILE = 'grant.note';

/** Signs and stores the grant, and logs the start. Resolves to the signed note when both are durable, else to null. */
export async function keepGrant(grant: Grant, machine: Machine): Promise<string | null> {
  const { session, scopes, containment, technician } = grant;
  try {
    const note = signJson('grant', grant, machine.keys.signer);
    const hash = createHash('sha256').update(note).digest('hex');
    await Promise.all([
      writeFile(join(sessionDirectory(machine.home, session), GRANT_FILE), note, { mode: 0o600, flush: true }),
      machine.log.append(
        'session.started',
        { grant: hash, scopes, containment },
        { session, actor: technician.keyFingerprint },
      ),
    ]);
    return note;
  } catch (problem) {
    machine.logger.error({ session, problem }, 'the session cannot be recorded');
    return null;
  }
}

/** Opens `session` when its grant is kept, or ends it at once when it cannot be recorded (promise 4). */
export async function start(
  connection: TechnicianConnection,
  { conversation }: Authenticated,
  session: Session,
  kept: Promise<string | null>,
  machine: Machine,
): Promise<void> {
  const { grant } = session;
  const status = statusOf(machine);
  const note = await kept;
  if (note === null) {
    session.end('machine', AUDIT_TROUBLE);
    await conversation.refuse(status('ended', 'The machine cannot record this session, so it was not started.'));
    return;
  }
  session.grantNote = note;
  if (!(await machine.indicator.whenUp(session.id, INDICATOR_UP_MS, session.over))) {
    session.end('machine', INDICATOR_GONE); // promise 6: no channel opens before the person is shown that one may
  }
  if (session.state === 'ended') {
    await conversation.refuse(status('ended', `The session was ended before it began: ${session.because}.`));
    return;
  }
  session.open();
  void conversation
    .tell(status('granted', `The person at ${machine.identity.name} allowed: ${grant.scopes.join(', ')}.`))
    .catch(() => undefined)
    .finally(() => {
      connection.rekeyRegularly();
      conversation.accept();
    });
}
