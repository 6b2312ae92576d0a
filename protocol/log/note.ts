// C2SP signed notes: a text, a blank line, and signatures that anyone can check with a one-line key.
import { LogFormatError, LogProofError } from './errors.ts';
import { isKeyName, type NoteSigner, type NoteVerifier, parseBase64 } from './note-keys.ts';

// The specification asks for at least 16 signatures of up to 5 kB; this leaves room and stays bounded.
const MAX_SIGNATURES = 64;
export const MAX_NOTE = 256 * 1024; // bytes
const KEY_ID_SIZE = 4;

/** One signature line, not yet checked. */
export interface NoteSignature {
  readonly name: string;
  readonly keyId: number;
  readonly signature: Uint8Array;
}

/** A note taken apart. Nothing in it is true before `verifyNote`. */
export interface Note {
  /** Ends with a newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

const broken = (why: string): LogFormatError => new LogFormatError(`not a signed note: ${why}`);

function decode(input: Uint8Array | string): string {
  if (typeof input === 'string') {
    if (input.length > MAX_NOTE) throw broken('it is too large');
    if (!input.isWellFormed()) throw broken('it is not UTF-8');
    return input;
  }
  if (input.length > MAX_NOTE) throw broken('it is too large');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(input);
  } catch {
    throw broken('it is not UTF-8');
  }
}

/**
 * Parse a signed note, strictly.
 * @throws LogFormatError
 */
export function parseNote(input: Uint8Array | string): Note {
  const whole = decode(input);
  if (/[\x00-\x09\x0b-\x1f]/.test(whole)) throw broken('it contains control characters');
  const end = whole.lastIndexOf('\n\n');
  if (end < 0 || !whole.endsWith('\n') || end + 2 === whole.length) throw broken('it has no signatures');
  const lines = whole.slice(end + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw broken(`it has more than ${MAX_SIGNATURES} signatures`);
  return { text: whole.slice(0, end + 1), signatures: lines.map(parseSignatureLine) };
}

function parseSignatureLine(line: string): NoteSignature {
  const [dash, name, base64, ...rest] = line.split(' ');
  if (dash !== '\u2014' || name === undefined || base64 === undefined || rest.length > 0 || !isKeyName(name)) {
    throw broken('a signature line is malformed');
  }
  const bytes = parseBase64(base64);
  if (bytes === null || bytes.length <= KEY_ID_SIZE) throw broken('a signature is malformed');
  return { name, keyId: Buffer.from(bytes).readUInt32BE(0), signature: bytes.subarray(KEY_ID_SIZE) };
}

/** The text of a note; `parseNote` of it gives the same note. */
export function formatNote({ text, signatures }: Note): string {
  return `${text}\n${signatures.map(formatSignature).join('')}`;
}

function formatSignature({ name, keyId, signature }: NoteSignature): string {
  const id = Buffer.alloc(KEY_ID_SIZE);
  id.writeUInt32BE(keyId);
  return `\u2014 ${name} ${Buffer.concat([id, signature]).toString('base64')}\n`;
}

/**
 * Sign a text that ends with a newline.
 * @param others signatures that stay on the note, as a witness adds its own to the log's
 */
export function signNote(text: string, signers: readonly NoteSigner[], others: readonly NoteSignature[] = []): string {
  if (!text.endsWith('\n') || !text.isWellFormed() || /[\x00-\x09\x0b-\x1f]/.test(text)) {
    throw new LogFormatError('a note text is UTF-8 without control characters and ends with a newline');
  }
  const bytes = Buffer.from(text);
  const own = signers.map(({ name, keyId, sign }) => ({ name, keyId, signature: sign(bytes) }));
  return formatNote({ text, signatures: [...own, ...others] });
}

/**
 * Check a note against known keys. Signatures of unknown keys are ignored; a wrong one of a known key rejects the note.
 * @returns the keys that signed it, at least one
 * @throws LogProofError
 */
export function verifyNote(note: Note, verifiers: readonly NoteVerifier[]): NoteVerifier[] {
  const bytes = Buffer.from(note.text);
  const signedBy = new Set<NoteVerifier>();
  for (const { name, keyId, signature } of note.signatures) {
    const verifier = verifiers.find((known) => known.name === name && known.keyId === keyId);
    if (verifier === undefined) continue;
    if (!verifier.verify(bytes, signature)) throw new LogProofError(`signature of ${name} is wrong`);
    signedBy.add(verifier);
  }
  if (signedBy.size === 0) throw new LogProofError('no known key has signed this');
  return [...signedBy];
}
