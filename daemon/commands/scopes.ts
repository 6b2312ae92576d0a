// `chaperoned scopes | withdraw | allow`: what technicians may do, changed while they are connected.

import { UsageError } from '../../protocol/errors.ts';
import { nearest } from '../../protocol/nearest-word.ts';
import { SCOPE_WORDS, SCOPES, Scope } from '../../protocol/scopes.ts';
import type { SessionView } from '../local/controls.ts';
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

export async function changeScopes(
  change: 'withdraw' | 'allow',
  words: readonly string[],
  options: ChangeOptions,
): Promise<void> {
  const scopes = words.map(parseScope);
  const touched = await withDaemon(async (client) => {
    const session = options.session === undefined ? null : await resolveSession(client, options.session);
    return await client[change](session, scopes);
  });
  const nothing = change === 'withdraw' ? 'Nobody has this permission.' : 'Nobody is connected.';
  print(options, touched, touched.length === 0 ? [nothing] : touched.map(standing));
}

function standing(session: SessionView): string {
  const who = whoIs(session.technician);
  return session.state === 'ended'
    ? `${who}: nothing was left to do, so the session has ended.`
    : `${who} can now: ${scopesInWords(session.scopes)}.`;
}

function describe(session: SessionView): string[] {
  const row = (scope: Scope, state: string): string => `  ${state} ${scope.padEnd(15)} ${SCOPE_WORDS[scope].title}`;
  return [
    `${whoIs(session.technician)}, session ${session.id}`,
    ...session.scopes.map((scope) => row(scope, 'allowed    ')),
    ...(session.addable ?? []).map((scope) => row(scope, 'not allowed')),
    '  To change: chaperoned withdraw PERMISSION, chaperoned allow PERMISSION',
  ];
}

function parseScope(word: string): Scope {
  const parsed = Scope.safeParse(word);
  if (parsed.success) {
    return parsed.data;
  }
  const meant = nearest(word, SCOPES);
  throw new UsageError(
    `there is no permission ${JSON.stringify(word)}`,
    meant === undefined ? `permissions are: ${SCOPES.join(', ')}` : `did you mean ${meant}?`,
  );
}
