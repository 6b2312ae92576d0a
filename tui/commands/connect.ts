// `chaperone connect`: asks for a session, in the dashboard or line by line.

import { connectTo } from '../connection/connect-to.ts';
import { loadSettings } from '../settings/settings.ts';
import { Interruption } from './interruption.ts';
import { checkRequestOptions, proofOf, type RequestOptions, reasonAndTicket, splitScopes } from './request-options.ts';
import { TerminalPeople } from './terminal-people.ts';

export interface ConnectCommandOptions extends RequestOptions {
  readonly scope?: readonly string[];
  readonly plain?: boolean;
}

export async function connect(machine: string, options: ConnectCommandOptions): Promise<void> {
  const settings = await loadSettings();
  const scopes = splitScopes(options.scope) ?? settings.scopes;
  checkRequestOptions(machine, options, scopes);
  const proof = proofOf(options, settings);
  if (wantsDashboard(options)) {
    const { connectInDashboard } = await import('./dashboard.ts');
    await connectInDashboard(machine, scopes, proof, options);
    return;
  }
  using interruption = new Interruption();
  using people = new TerminalPeople(options, interruption.signal);
  const request = { ...(await reasonAndTicket(options, interruption.signal)), scopes };
  const session = await connectTo({
    target: machine,
    code: options.code ?? '',
    request,
    ...proof,
    fingerprint: options.fingerprint ?? null,
    askPassphrase: people.askPassphrase,
    people,
  });
  people[Symbol.dispose]();
  const { holdSession } = await import('./plain-session.ts');
  process.exitCode = await holdSession(session, options.json === true, interruption);
}

function wantsDashboard({ plain, json }: ConnectCommandOptions): boolean {
  const terminal = process.stdin.isTTY === true && process.stdout.isTTY === true && process.env.TERM !== 'dumb';
  return terminal && plain !== true && json !== true;
}
