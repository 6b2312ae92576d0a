// Names of user accounts by number, from the local file and, for accounts of a directory (LDAP, AD), from getent.

import type { Probe } from '../probe.ts';

const MAX_ASKED = 50; // accounts looked up in the directory at once
const DIRECTORY_TIMEOUT_MS = 3_000; // an unreachable directory must not hold up a list of programs

export type Accounts = (uid: number) => string;

/** A lookup that knows at least `uids`; a number that nobody knows is shown as `uid 1234`. */
export async function readAccounts(probe: Probe, uids: Iterable<number>): Promise<Accounts> {
  const names = parsePasswd((await probe.readText('/etc/passwd')) ?? '');
  const unknown = [...new Set(uids)].filter((uid) => !names.has(uid)).slice(0, MAX_ASKED);
  if (unknown.length > 0) {
    const answer = await probe
      .run(['getent', 'passwd', ...unknown.map(String)], { timeoutMs: DIRECTORY_TIMEOUT_MS })
      .catch(() => undefined); // without the directory there are still numbers
    for (const [uid, name] of parsePasswd(answer?.out ?? '')) names.set(uid, name);
  }
  return (uid) => names.get(uid) ?? `uid ${uid}`;
}

/** The first name of a number wins, as in the C library. */
export function parsePasswd(text: string): Map<number, string> {
  const names = new Map<number, string>();
  for (const line of text.split('\n')) {
    const [name, , uid] = line.split(':');
    if (name && uid !== undefined && /^\d+$/.test(uid) && !names.has(Number(uid))) names.set(Number(uid), name);
  }
  return names;
}
