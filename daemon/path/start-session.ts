// From grant to session: the grant is signed, stored and logged, the recorder works, and only then SSH opens.

import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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

/** Opens `session`, or ends it at once when it cannot be recorded (promise 4). */
export async function start(
  connection: TechnicianConnection,
  { conversation }: Authenticated,
  session: Session,
  machine: Machine,
): Promise<void> {
  const { grant } = session;
  const status = statusOf(machine);
  try {
    const note = signJson('grant', grant, machine.keys.signer);
    await writeFile(join(sessionDirectory(machine.home, session.id), GRANT_FILE), note, { mode: 0o600, flush: true });
    session.grantNote = note;
    await machine.log.append(
      'session.started',
      {
        grant: createHash('sha256').update(note).digest('hex'),
        scopes: grant.scopes,
        containment: grant.containment,
      },
      { session: session.id, actor: grant.technician.keyFingerprint },
    );
  } catch (problem) {
    machine.logger.error({ session: session.id, problem }, 'the session cannot be recorded');
    session.end('machine', AUDIT_TROUBLE);
    await conversation.refuse(status('ended', 'The machine cannot record this session, so it was not started.'));
    return;
  }
  if (!(await machine.indicator.whenUp(session.id, INDICATOR_UP_MS, session.over))) {
    session.end('machine', INDICATOR_GONE); // promise 6: no channel opens before the person is shown that one may
  }
  if (session.state === 'ended') {
    await conversation.refuse(status('ended', 'The session was ended before it began.'));
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
