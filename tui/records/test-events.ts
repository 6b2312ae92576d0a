// Reads a log back in tests. Never shipped.

import { openBody, readHeader } from '../../protocol/audit/envelope.ts';
import { readCheckpoint, readEntries } from '../../protocol/log/reader.ts';
import type { OwnLog } from './own-log.ts';

/** Type and fields of every event, oldest first. */
export async function eventsOf(log: OwnLog): Promise<{ type: string; fields: Record<string, unknown> }[]> {
  const size = (await readCheckpoint(log.directory))?.size ?? 0;
  const events: { type: string; fields: Record<string, unknown> }[] = [];
  for await (const entry of readEntries(log.directory, 0, size)) {
    const { type, session } = readHeader(entry);
    events.push({ type, fields: openBody(entry, log.keys.of(session)) });
  }
  return events;
}
