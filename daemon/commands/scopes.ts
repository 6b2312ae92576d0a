// `chaperoned scopes | withdraw | allow`: what technicians may do, changed while they are connected.

import { SCOPE_WORDS, type Scope } from '../../protocol/scopes.ts';
import type { SessionView } from '../local/controls.ts';
import { type Change, changeable, numberOf, readPermissions } from '../prompt/permission-words.ts';
import { scopesInWords, whoIs } from '../prompt/words.ts';
import { withDaemon } from './daemon-client.ts';
import { type OutputOptions, print } from './output.ts';
import { resolveSession } from './sessions.ts';

export interface ChangeOptions extends OutputOptions {
  readonly session?: string;
}

export async function showScopes(options: OutputOptions): Promise<void> {
  const { sessions } = await withDaemon((client) => client.status());
  print(options, sessions, sessions.length === 0 ? ['Nobody is connected.'] : sessions.flatMap(describe));
}

export async function changeScopes(change: Change, words: readonly string[], options: ChangeOptions): Promise<void> {
  const scopes = readPermissions(words); // what is mistyped is said without a daemon too
  const touched = await withDaemon(async (client) => {
    const session = options.session === undefined ? null : await resolveSession(client, options.session);
    return await client[change](session, scopes);
  });
  const nothing = change === 'withdraw' ? 'Nobody has this permission.' : 'Nobody is connected.';
  print(options, touched, touched.length === 0 ? [nothing] : touched.map(standing));
}

function standing(session: SessionView): string {
  const who = whoIs(session.technician);
  if (session.state !== 'ended') return `${who} can now: ${scopesInWords(session.scopes)}.`;
  // A program that only needed what was taken leaves by itself, whatever else it might do.
  return session.scopes.length === 0
    ? `${who}: nothing was left to do, so the session has ended.`
    : `${who} has lost it, and the session is over.`;
}

function describe(session: SessionView): string[] {
  const row = (state: string) => (scope: Scope) =>
    `  ${state} ${String(numberOf(scope)).padStart(2)} ${SCOPE_WORDS[scope].title} (${scope})`;
  return [
    `${whoIs(session.technician)}, session ${session.id}`,
    ...changeable('withdraw', session).map(row('allowed    ')),
    ...changeable('allow', session).map(row('not allowed')),
    '  To change: chaperoned withdraw or chaperoned allow, and the number; the words and the name in brackets do as well',
  ];
}
