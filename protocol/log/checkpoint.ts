// C2SP tlog-checkpoint: the signed statement "this log has so many entries, and this is their root".
import { LogFormatError, LogProofError } from './errors.ts';
import { HASH_SIZE } from './hashing.ts';
import { type Note, parseNote, signNote, verifyNote } from './note.ts';
import { type NoteSigner, type NoteVerifier, parseBase64 } from './note-keys.ts';

/** What a checkpoint says. */
export interface TreeHead {
  /** Identity of the log; by custom also the name of its key. */
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  /** Opaque further lines; this program writes none. */
  readonly extensions?: readonly string[];
}

/** A parsed checkpoint. Its signatures are unchecked until `verifyCheckpoint` or `verifyNote`. */
export interface Checkpoint extends TreeHead {
  readonly extensions: readonly string[];
  readonly note: Note;
}

const broken = (why: string): LogFormatError => new LogFormatError(`not a checkpoint: ${why}`);

/** The note text of a checkpoint. */
export function formatTreeHead({ origin, size, root, extensions = [] }: TreeHead): string {
  const lines = [origin, String(size), Buffer.from(root).toString('base64'), ...extensions];
  if (lines.some((line) => line === '' || line.includes('\n'))) throw broken('a line is empty or contains a newline');
  if (!Number.isSafeInteger(size) || size < 0 || root.length !== HASH_SIZE) throw broken('impossible size or root');
  return `${lines.join('\n')}\n`;
}

/**
 * Parse the note text of a checkpoint.
 * @throws LogFormatError
 */
export function parseTreeHead(text: string): TreeHead & { readonly extensions: readonly string[] } {
  if (!text.endsWith('\n')) throw broken('the last line has no end');
  const [origin, sizeText, rootText, ...extensions] = text.slice(0, -1).split('\n');
  if (origin === undefined || sizeText === undefined || rootText === undefined) throw broken('it has too few lines');
  if (origin === '' || extensions.includes('')) throw broken('it has an empty line');
  const size = Number(sizeText);
  if (!/^(0|[1-9]\d{0,15})$/.test(sizeText) || !Number.isSafeInteger(size)) throw broken('its size is no number');
  const root = parseBase64(rootText);
  if (root?.length !== HASH_SIZE) throw broken('its root is no hash');
  return { origin, size, root, extensions };
}

/**
 * Parse a checkpoint with its signatures, without checking them.
 * @throws LogFormatError
 */
export function parseCheckpoint(input: Uint8Array | string): Checkpoint {
  const note = parseNote(input);
  return { ...parseTreeHead(note.text), note };
}

/** Sign a checkpoint: the text of a note with one signature. */
export function signCheckpoint(head: TreeHead, signer: NoteSigner): string {
  return signNote(formatTreeHead(head), [signer]);
}

/**
 * Parse a checkpoint and check that one of the keys signed it, and that it speaks of the right log.
 * @throws LogFormatError | LogProofError
 */
export function verifyCheckpoint(
  input: Uint8Array | string,
  verifiers: readonly NoteVerifier[],
  origin?: string,
): Checkpoint {
  const checkpoint = parseCheckpoint(input);
  verifyNote(checkpoint.note, verifiers);
  if (origin !== undefined && checkpoint.origin !== origin) {
    throw new LogProofError(`checkpoint belongs to the log ${JSON.stringify(checkpoint.origin)}, not to ${origin}`);
  }
  return checkpoint;
}
