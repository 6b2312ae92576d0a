// A technician's private key in a file: OpenSSH's format, opened with a passphrase when it has one.

import { readFile, stat } from 'node:fs/promises';
import type { ParsedKey } from 'ssh2';
import ssh2 from 'ssh2';
import { NoTechnicianKey } from './errors.ts';

const PASSPHRASE_TRIES = 3;
const FILE_MAX = 64 * 1024; // bytes; an RSA key of 16,384 bits is below 16 KiB

/** Resolves null when nobody can or wants to type it. */
export type AskPassphrase = (question: { readonly file: string; readonly again: boolean }) => Promise<string | null>;

/**
 * The key in `file`.
 *
 * @returns null when it is locked and nobody gives the passphrase
 * @throws NoTechnicianKey when it cannot be read, is no private key, or others may read it
 */
export async function readKeyFile(file: string, askPassphrase: AskPassphrase | null): Promise<ParsedKey | null> {
  const text = await readPrivate(file);
  let key = ssh2.utils.parseKey(text);
  if (isLocked(key)) {
    for (let tries = 0; tries < PASSPHRASE_TRIES && key instanceof Error; tries += 1) {
      const passphrase = askPassphrase === null ? null : await askPassphrase({ file, again: tries > 0 });
      if (passphrase === null) {
        return null;
      }
      key = ssh2.utils.parseKey(text, passphrase);
    }
    if (key instanceof Error) {
      throw new NoTechnicianKey(`the passphrase does not open ${file}`, 'try again, or use ssh-add and the agent', key);
    }
  }
  if (key instanceof Error || !key.isPrivateKey()) {
    throw new NoTechnicianKey(`${file} holds no private SSH key`, 'name the private key, not the .pub file', key);
  }
  return key;
}

async function readPrivate(file: string): Promise<Buffer> {
  try {
    const found = await stat(file);
    if ((found.mode & 0o077) !== 0 && process.platform !== 'win32') {
      throw new NoTechnicianKey(`${file} can be read by other users`, `chmod 600 ${file}`);
    }
    if (found.size > FILE_MAX) {
      throw new NoTechnicianKey(`${file} is too large for a key`, 'is it the right file?');
    }
    return await readFile(file);
  } catch (cause) {
    if (cause instanceof NoTechnicianKey) {
      throw cause;
    }
    throw new NoTechnicianKey(`the key ${file} cannot be read`, 'check the path and who owns the file', cause);
  }
}

function isLocked(key: ParsedKey | Error): boolean {
  return key instanceof Error && /no passphrase given/i.test(key.message);
}
