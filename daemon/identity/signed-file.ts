// A file and the SSHSIG beside it (`FILE.sig`, as ssh-keygen -Y sign names it), read together.

import { stat } from 'node:fs/promises';
import { readTrusted, readTrustedText } from '../policy/trusted-file.ts';

export interface SignedFile {
  readonly bytes: Buffer;
  readonly signature: string;
  /** When the file or its signature changed last, ms since 1970. */
  readonly changedAt: number;
}

/** Where `ssh-keygen -Y sign` puts the signature of `file`. */
export function signatureOf(file: string): string {
  return `${file}.sig`;
}

/** @throws PolicyUnusable when one of the two is missing, unreadable, or could be changed by others */
export async function readSigned(file: string): Promise<SignedFile> {
  const changedAt = await changeOf(file);
  const bytes = await readTrusted(file, { what: 'revocation list', whenMissing: 'put it there, or mend the path' });
  const { text } = await readTrustedText(signatureOf(file), {
    what: 'signature',
    whenMissing: `sign it: ssh-keygen -Y sign -n revocation@chaperone -f CA-KEY ${file}`,
  });
  return { bytes, signature: text, changedAt };
}

async function changeOf(file: string): Promise<number> {
  const found = await Promise.all([file, signatureOf(file)].map((path) => stat(path).catch(() => null)));
  return Math.max(0, ...found.map((entry) => (entry === null ? 0 : Math.max(entry.mtimeMs, entry.ctimeMs))));
}
