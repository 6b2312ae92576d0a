// The machine's audit log as a test reads it: through the log's own reader, with the keys that lie beside it.

import { existsSync, mkdirSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import type { EventType } from '../../protocol/audit/catalogue.ts';
import { type LeafHeader, openBody, readHeader } from '../../protocol/audit/envelope.ts';
import { nodeFileSystem } from '../../protocol/log/file-system.ts';
import { readJournal } from '../../protocol/log/journal.ts';
import { readCheckpoint, readEntries } from '../../protocol/log/reader.ts';

const KEY_BYTES = 32; // of a body key
const PATIENCE_MS = 60_000; // a slow, busy machine
const SHOWN = 40; // events in the message of a failure

export interface RecordedEvent extends LeafHeader {
  readonly type: EventType;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Every event of the log below the machine's state directory `home`, oldest first. */
export async function readRecord(home: string, from = 0): Promise<RecordedEvent[]> {
  const directory = join(home, 'audit');
  const size = (await readCheckpoint(directory))?.size ?? 0;
  const events: RecordedEvent[] = [];
  for await (const entry of readEntries(directory, Math.min(from, size), size)) take(entry);
  // What was acknowledged a moment ago stands in the journal; its key may still be on the way to the disk.
  for (const entry of (await readJournal(nodeFileSystem, directory, size)).slice(Math.max(0, from - size))) {
    if (!hasKey(home, readHeader(entry).session)) break;
    take(entry);
  }
  return events;

  function take(entry: Uint8Array): void {
    const header = readHeader(entry);
    const fields = openBody(entry, keyOf(home, header.session));
    events.push({ ...header, type: header.type as EventType, fields });
  }
}

/** The first event at or behind `from` that satisfies `wanted`, as soon as it is in the log. */
export async function untilRecorded(
  home: string,
  wanted: (event: RecordedEvent) => boolean,
  from = 0,
): Promise<RecordedEvent> {
  const directory = join(home, 'audit');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const { promise, resolve, reject } = Promise.withResolvers<RecordedEvent>();
  const failure = new Error(); // made here, so that its stack names the test
  let seen: RecordedEvent[] = [];
  let looking = false;
  let again = false;
  const look = async (): Promise<void> => {
    if (looking) {
      again = true;
      return;
    }
    looking = true;
    do {
      again = false;
      seen = await readRecord(home, from);
      const found = seen.find(wanted);
      if (found !== undefined) resolve(found);
    } while (again);
    looking = false;
  };
  // A checkpoint is renamed into place after every commit.
  const watcher = watch(directory, () => void look().catch(reject));
  const timer = setTimeout(() => {
    const shown = seen.slice(-SHOWN).map(({ type, fields }) => `${type} ${JSON.stringify(fields)}`);
    failure.message = `waited in vain for an event; the log ends with:\n${shown.join('\n')}`;
    reject(failure);
  }, PATIENCE_MS);
  try {
    look().catch(reject);
    return await promise;
  } finally {
    clearTimeout(timer);
    watcher.close();
  }
}

function keyFile(home: string, session: string | null): string {
  return join(home, 'body-keys', `${session ?? 'machine'}.key`);
}

/** Whether the key is written, and not only its file begun. */
function hasKey(home: string, session: string | null): boolean {
  return existsSync(keyFile(home, session)) && keyOf(home, session).length === KEY_BYTES;
}

function keyOf(home: string, session: string | null): Buffer {
  const file = keyFile(home, session);
  if (!existsSync(file)) throw new Error(`no key for the events of ${session ?? 'the machine'}`);
  return Buffer.from(readFileSync(file, 'utf8').trim(), 'hex');
}
