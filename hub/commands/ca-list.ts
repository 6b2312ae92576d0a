// `chaperone-hub ca list`: what the ledger knows, as a table.

import { formatConnectionId, isConnectionId } from '../../protocol/connection-id.ts';
import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';
import type { Issued, LedgerEntry } from '../authority/ledger.ts';
import { authorityAt, type DirectoryOptions } from './authority-at.ts';
import { type OutputOptions, print } from './output.ts';

export interface ListOptions extends OutputOptions, DirectoryOptions {
  readonly valid?: boolean;
}

type State = 'valid' | 'not yet valid' | 'expired' | 'revoked';

export async function list(options: ListOptions): Promise<void> {
  const authority = authorityAt(options);
  const entries = authority.entries();
  const now = new Date().toISOString();
  const rows = entries
    .flatMap((entry) => (entry.event === 'issued' ? [{ ...entry, state: stateOf(entry, entries, now) }] : []))
    .filter(({ state }) => options.valid !== true || state === 'valid');
  const keys = entries.flatMap((entry) => (entry.event === 'revoked' && entry.key !== null ? [entry] : []));
  print(options, { authority: authority.publicKey().fingerprint, certificates: rows, revokedKeys: keys }, [
    ...table([
      ['SERIAL', 'STATE', 'WHO', 'AS', 'UNTIL', 'KEY'],
      ...rows.map(({ serial, state, keyId, principals, validBefore, key }) => [
        serial,
        state,
        sanitiseLine(keyId, 40),
        principals.map((name) => (isConnectionId(name) ? formatConnectionId(name) : name)).join(', '),
        validBefore.slice(0, 16).replace('T', ' '),
        key,
      ]),
    ]),
    ...(rows.length === 0 ? ['Nothing was certified yet.'] : []),
    ...keys.map(({ key, reason }) => `The key ${key} is taken back: ${reason || 'no reason given'}`),
  ]);
}

function stateOf(
  { serial, key, validAfter, validBefore }: Issued,
  entries: readonly LedgerEntry[],
  now: string,
): State {
  if (entries.some((entry) => entry.event === 'revoked' && (entry.serial === serial || entry.key === key))) {
    return 'revoked';
  }
  return now < validAfter ? 'not yet valid' : now >= validBefore ? 'expired' : 'valid';
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
