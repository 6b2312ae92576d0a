// What a log says of a recording once it was closed: on the machine and on the technician's side alike, so that one
// check holds the files of both against it.

import { createHash } from 'node:crypto';
import { createReadStream, lstatSync } from 'node:fs';
import { z } from 'zod';
import { BadLeaf, type BodyKey, openBody, readHeader } from '../audit/envelope.ts';

/** Names of recordings; no log and no receipt leads to another file. */
export const RECORDING = /^(shell|command)-[1-9]\d{0,8}\.cast$/;

const Sha256 = z.string();
const Numbered = (kind: 'shell' | 'command') =>
  z
    .object({ number: z.int().min(1), recordingSha256: Sha256 })
    .transform(({ number, recordingSha256 }) => ({ recording: `${kind}-${number}.cast`, recordingSha256 }));
const Named = z.object({ recording: z.string().regex(RECORDING), recordingSha256: Sha256, complete: z.boolean() });

/** The events that say what a recording must be, and how each names it. */
const SEALED_BY = new Map<string, z.ZodType<{ recording: string; recordingSha256: string; complete?: boolean }>>([
  ['shell.closed', Numbered('shell')],
  ['command.ended', Numbered('command')],
  ['recording.kept', Named],
  ['recording.found', Named.omit({ complete: true })],
]);

export interface Promised {
  /** `sessions/<session>/<name>`, below the state directory in which the log stands. */
  readonly path: string;
  /** Hex. */
  readonly sha256: string;
  /** When the log was told, ISO 8601. */
  readonly time: string;
  /** The program was killed before it could tell: what happened to the file until `time`, the log cannot know. */
  readonly late: boolean;
  /** Nothing of what was shown is missing, as far as the log was told. */
  readonly complete: boolean;
}

/** The log says something of a recording of `session`, and nobody can read what: its key is gone, or is another one. */
export interface Unread {
  readonly session: string;
}

/** What `entry` promises of a recording; null for one that says nothing of any. */
export function promiseOf(entry: Uint8Array, keyOf: (session: string) => BodyKey | null): Promised | Unread | null {
  const header = unlessBad(() => readHeader(entry)); // what is wrong with it is told elsewhere
  const fields = SEALED_BY.get(header?.type ?? '');
  if (header === null || header.session === null || fields === undefined) return null;
  const { type, session, time } = header;
  const key = keyOf(session);
  const said = key === null ? null : unlessBad(() => fields.parse(openBody(entry, key)));
  if (said === null) return { session };
  const { recording, recordingSha256, complete = true } = said;
  const path = `sessions/${session}/${recording}`;
  return { path, sha256: recordingSha256, time, late: type === 'recording.found', complete };
}

function unlessBad<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof BadLeaf || error instanceof z.ZodError) return null;
    throw error;
  }
}

/** SHA-256 as hex. Null when there is no such file; never that of something else than a file. */
export async function hashOf(file: string): Promise<string | null> {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found === undefined) return null;
  if (!found.isFile()) return 'not a file';
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest('hex');
}
