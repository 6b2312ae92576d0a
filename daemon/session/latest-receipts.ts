// The receipts of the sessions that ended last, for the person to read again.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RECEIPT_FILE } from './settle.ts';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const NOTE_MAX = 128 * 1024; // characters that travel to the person's programs

export interface StoredReceipt {
  readonly session: string;
  /** A signed note. */
  readonly note: string;
}

/** At most `count`, the newest first. */
export async function latestReceipts(home: string, count: number): Promise<StoredReceipt[]> {
  const directory = join(home, 'sessions');
  const names = await readdir(directory).catch(() => []);
  // UUIDv7: their order is that of time.
  const sessions = names
    .filter((name) => UUID.test(name))
    .sort()
    .reverse();
  const found: StoredReceipt[] = [];
  for (const session of sessions) {
    if (found.length === count) break;
    const note = await readFile(join(directory, session, RECEIPT_FILE), 'utf8').catch(() => null);
    if (note !== null && note.length <= NOTE_MAX) found.push({ session, note });
  }
  return found;
}
