// Opens a session for one task of a command: fixed permissions, the rest asked for at the terminal.

import type { Scope } from '../../protocol/scopes.ts';
import { connectTo } from '../connection/connect-to.ts';
import type { LiveSession } from '../connection/live-session.ts';
import { loadSettings } from '../settings/settings.ts';
import { checkRequestOptions, proofOf, type RequestOptions, reasonAndTicket } from './request-options.ts';
import { TerminalPeople } from './terminal-people.ts';

export interface TaskSession {
  readonly session: LiveSession;
  /** As it was given or typed. */
  readonly reason: string;
}

/** @throws UsageError before anyone is called, and whatever keeps a session from being opened */
export async function connectForTask(
  machine: string,
  options: RequestOptions,
  scopes: readonly Scope[],
  signal: AbortSignal,
): Promise<TaskSession> {
  const settings = await loadSettings();
  checkRequestOptions(machine, options, scopes);
  using people = new TerminalPeople(options, signal);
  const { reason, ticket } = await reasonAndTicket(options, signal);
  const session = await connectTo({
    target: machine,
    code: options.code ?? '',
    request: { reason, ticket, scopes },
    ...proofOf(options, settings),
    fingerprint: options.fingerprint ?? null,
    askPassphrase: people.askPassphrase,
    people,
  });
  return { session, reason };
}
