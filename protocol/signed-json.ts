// Grants and receipts as C2SP signed notes: one line that names the kind, then JSON, then signatures. Any note
// verifier checks them; docs/decisions/001 says why they are not a format of our own.

import type { z } from 'zod';
import { ChaperoneError, EXIT } from './errors.ts';
import { parseNote, signNote, verifyNote } from './log/note.ts';
import { type NoteSigner, parseVerifierKey } from './log/note-keys.ts';

export type SignedKind = 'grant' | 'receipt' | 'lease';

/** The note does not verify, or does not hold what it says. */
export class BadSignedNote extends ChaperoneError {
  constructor(message: string, cause?: unknown) {
    super(message, { exitCode: EXIT.verification, cause, hint: 'do not rely on it; ask the machine for it again' });
  }
}

/** The signed note of `value`, which must already fit its schema. */
export function signJson(kind: SignedKind, value: object, signer: NoteSigner): string {
  return signNote(`${headOf(kind)}${JSON.stringify(value, null, 2)}\n`, [signer]);
}

/**
 * What the note holds, if `verifierKey` signed it.
 * @throws BadSignedNote
 */
export function openSignedJson<T>(kind: SignedKind, schema: z.ZodType<T>, note: string, verifierKey: string): T {
  let text: string;
  try {
    const parsed = parseNote(note);
    verifyNote(parsed, [parseVerifierKey(verifierKey)]);
    text = parsed.text;
  } catch (cause) {
    throw new BadSignedNote(`the ${kind} is not signed by this machine`, cause);
  }
  const head = headOf(kind);
  if (!text.startsWith(head)) {
    throw new BadSignedNote(`this is no ${kind}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text.slice(head.length));
  } catch (cause) {
    throw new BadSignedNote(`the ${kind} cannot be read`, cause);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    throw new BadSignedNote(`the ${kind} is incomplete or of another version`, parsed.error);
  }
  return parsed.data;
}

function headOf(kind: SignedKind): string {
  return `chaperone/${kind}/v1\n`;
}
