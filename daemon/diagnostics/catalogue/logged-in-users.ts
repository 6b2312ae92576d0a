// Who is at this machine: sessions, and accounts that have programs running though nobody sees them.

import { z } from 'zod';
import type { TableCell } from '../../../protocol/diagnostics.ts';
import { count } from '../amounts.ts';
import type { Diagnostic, DiagnosticContext } from '../diagnostic.ts';
import { readAccounts } from '../linux/accounts.ts';
import { inBatches, listProcesses, readDetails } from '../linux/processes.ts';

const FIRST_PERSON = 1000; // login.defs(5): below are the accounts of services
const NOBODY = 65_534;

export const loggedInUsers: Diagnostic = {
  descriptor: {
    id: 'logged-in-users',
    title: 'People logged in',
    purpose: 'Shows who is logged in to this computer and since when, and which accounts have programs running.',
    risk: 'none',
    platforms: ['linux'],
    parameters: [],
    timeoutMs: 15_000,
    streams: false,
  },
  async run(context) {
    const { emit } = context;
    const sessions = (await fromLogind(context)) ?? (await fromWho(context));
    if (sessions.length > 0)
      await emit({
        kind: 'table',
        title: 'Logged in',
        columns: [
          { key: 'user', title: 'Person' },
          { key: 'seat', title: 'Where' },
          { key: 'since', title: 'Since' },
          { key: 'from', title: 'From' },
        ],
        rows: sessions.map((session) => [session.user, session.where, session.since, session.from]),
      });
    const accounts = await runningAccounts(context);
    await emit({
      kind: 'table',
      title: 'Accounts with programs running',
      columns: [
        { key: 'account', title: 'Account' },
        { key: 'kind', title: 'Kind' },
        { key: 'processes', title: 'Processes', align: 'right', unit: 'count' },
        { key: 'terminals', title: 'Terminals in use', align: 'right', unit: 'count' },
      ],
      rows: accounts,
    });
    const people = new Set(sessions.map((session) => session.user)).size;
    if (people > 0) return `${count(people, 'person', 'people')} logged in, ${count(sessions.length, 'session')}`;
    return `the system has no one listed as logged in; ${count(accounts.length, 'account')} with programs running`;
  },
};

interface LoginSession {
  readonly user: string;
  readonly where: string;
  readonly since: string | null;
  readonly from: string | null;
}

const LogindSessions = z.array(
  z.object({ user: z.string(), seat: z.string().nullish(), tty: z.string().nullish(), class: z.string().nullish() }),
);

/** Undefined without systemd, or with one that is too old for JSON: then `who` knows. */
async function fromLogind({ probe }: DiagnosticContext): Promise<LoginSession[] | undefined> {
  if ((await probe.modified('/run/systemd/system')) === undefined) return undefined;
  const who = await fromWho({ probe });
  if (who.length > 0) return who; // tells times and origins, which the list of logind lacks
  const answer = await probe.run(['loginctl', 'list-sessions', '--output=json', '--no-pager']).catch(() => undefined);
  return answer?.code === 0 ? parseLogind(answer.out) : undefined;
}

export function parseLogind(json: string): LoginSession[] | undefined {
  let raw: unknown;
  try {
    raw = JSON.parse(json);
  } catch {
    return undefined;
  }
  return LogindSessions.safeParse(raw)
    .data?.filter((session) => !session.class?.startsWith('manager'))
    .map((session) => ({
      user: session.user,
      where: session.tty || session.seat || 'no screen',
      since: null,
      from: null,
    }));
}

async function fromWho({ probe }: Pick<DiagnosticContext, 'probe'>): Promise<LoginSession[]> {
  const answer = await probe.run(['who']).catch(() => undefined);
  return parseWho(answer?.out ?? '');
}

/** `name  line  2026-11-22 10:47 (origin)`; the day of the C locale also comes as `Nov 22 10:47`. */
export function parseWho(list: string): LoginSession[] {
  const pattern =
    /^(\S+)[ ?+-]+(\S.*?)\s+(\d{4}-\d\d-\d\d \d\d:\d\d|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d)(?:\s+\((.*)\))?\s*$/gm;
  return [...list.matchAll(pattern)].map(([, user = '', where = '', since = '', from]) => ({
    user,
    where,
    since,
    from: from ?? null,
  }));
}

async function runningAccounts({ probe }: DiagnosticContext): Promise<TableCell[][]> {
  const accounts = new Map<number, { processes: number; terminals: Set<number> }>();
  await inBatches(await listProcesses(probe), async (process) => {
    const uid = (await readDetails(probe, process.pid))?.uid;
    if (uid === undefined) return;
    const account = accounts.get(uid) ?? { processes: 0, terminals: new Set() };
    account.processes += 1;
    if (process.terminal !== 0) account.terminals.add(process.terminal);
    accounts.set(uid, account);
  });
  const name = await readAccounts(probe, accounts.keys());
  return [...accounts]
    .sort(([one], [other]) => one - other)
    .map(([uid, { processes, terminals }]) => [name(uid), kindOf(uid), processes, terminals.size]);
}

function kindOf(uid: number): string {
  if (uid === 0) return 'administrator';
  return uid >= FIRST_PERSON && uid !== NOBODY ? 'person' : 'service';
}
