// What a log says of a recording once it was closed: on the machine and on the technician's side alike, so that one
// check holds the files of both against it.

import { createHash } from 'node:crypto';
import { createReadStream, lstatSync } from 'node:fs';
import { z } from 'zod';
import { BadLeaf, type BodyKey, openBody, readHeader } from '../audit/envelope.ts';

/** Names of recordings; no log and no receipt leads to another file. */
export const RECORDING = /^(shell|command)-\d{1,9}\.cast$/;

const Sha256 = z.string();
const Numbered = (kind: 'shell' | 'command') =>
  z
    .object({ number: z.int().min(0), recordingSha256: Sha256 })
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

/** What `entry` promises of a recording; null for one that says nothing of any, or cannot be opened. */
export function promiseOf(entry: Uint8Array, keyOf: (session: string) => BodyKey | null): Promised | null {
  try {
    const { type, session, time } = readHeader(entry);
    const fields = SEALED_BY.get(type);
    const key = session === null || fields === undefined ? null : keyOf(session);
    if (key === null || fields === undefined) return null;
    const { recording, recordingSha256, complete = true } = fields.parse(openBody(entry, key));
    const path = `sessions/${session}/${recording}`;
    return { path, sha256: recordingSha256, time, late: type === 'recording.found', complete };
  } catch (error) {
    if (error instanceof BadLeaf || error instanceof z.ZodError) return null; // what is wrong with it is told elsewhere
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
