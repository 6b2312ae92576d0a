// What the technician's own log says of recordings, and whether it proves it: an entry counts only when the tree under
// the signed checkpoint holds it.

import { ChaperoneError, EXIT } from '../../protocol/errors.ts';
import { leafHash } from '../../protocol/log/hashing.ts';
import { verifyNote } from '../../protocol/log/note.ts';
import { parseVerifierKey } from '../../protocol/log/note-keys.ts';
import { verifyInclusion } from '../../protocol/log/proofs.ts';
import { proveInclusion, readCheckpoint, readEntries } from '../../protocol/log/reader.ts';
import { type Promised, promiseOf } from '../../protocol/recording/promised.ts';
import type { OwnLog } from './own-log.ts';

/** One entry about a recording. */
export interface LogWord extends Promised {
  /** Rejects unless the log holds the entry where it stands. @throws ChaperoneError, see {@link isDamage} */
  readonly prove: () => Promise<void>;
}

export interface LogWords {
  /** By the recording's path below the technician's directory. The first word on each counts, as in `audit verify`. */
  readonly words: ReadonlyMap<string, LogWord>;
  /** Sessions of which the log has words that nobody can read. */
  readonly unread: ReadonlySet<string>;
}

/**
 * All that the log says of recordings.
 * @throws ChaperoneError when the log is damaged, see {@link isDamage}
 */
export async function wordsOf(log: OwnLog): Promise<LogWords> {
  const words = new Map<string, LogWord>();
  const unread = new Set<string>();
  const { directory } = log;
  const checkpoint = await readCheckpoint(directory);
  const { size, root } = checkpoint ?? { size: 0, root: new Uint8Array() };
  let next = 0;
  for await (const entry of readEntries(directory, 0, size)) {
    const index = next;
    next += 1;
    const said = promiseOf(entry, (session) => log.keys.find(session));
    if (said === null || checkpoint === null) {
      continue;
    }
    if (!('path' in said)) {
      unread.add(said.session);
      continue;
    }
    if (words.has(said.path)) {
      continue;
    }
    const prove = async () => {
      verifyNote(checkpoint.note, [parseVerifierKey(log.verifierKey)]);
      verifyInclusion(index, size, leafHash(entry), await proveInclusion(directory, index, size), root);
    };
    words.set(said.path, { ...said, prove });
  }
  return { words, unread };
}

/** The log's files, or the keys to what it says, are not what they should be. */
export function isDamage(error: unknown): boolean {
  return error instanceof ChaperoneError && error.exitCode === EXIT.verification;
}
