// The key that this program makes for a technician who has none yet, and where it is kept: in the keychain of the
// operating system, or in a file. The public half lies beside the file in any case.

import { existsSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import ssh2, { type ParsedKey } from 'ssh2';
import { privateDirectory, technicianHome } from '../../protocol/home.ts';
import { newSshKey } from '../../protocol/ssh-keygen.ts';
import { createPrivate } from '../records/private-file.ts';
import { NoTechnicianKey } from './errors.ts';
import { userName } from './user-name.ts';

export type KeyStore =
  | { readonly kind: 'keychain' }
  /** Without a passphrase, whoever reads the disk has the key. */
  | { readonly kind: 'file'; readonly passphrase: string | null };

/** Where the own key is, if it is in a file; its public half ends in `.pub`. */
export function ownKeyFile(environment: NodeJS.ProcessEnv = process.env): string {
  return join(technicianHome(environment), 'id_ed25519');
}

/** Whether the own key is in the keychain: then only its public half is on disk. */
export function isInKeychain(environment?: NodeJS.ProcessEnv): boolean {
  const file = ownKeyFile(environment);
  return !existsSync(file) && existsSync(`${file}.pub`);
}

/**
 * Makes the key where it shall be kept, unless there is one.
 *
 * @throws NoKeychain when it shall be kept there and cannot; nothing is left behind then
 */
export async function makeOwnKey(store: KeyStore, environment?: NodeJS.ProcessEnv): Promise<void> {
  const file = ownKeyFile(environment);
  if (existsSync(file) || existsSync(`${file}.pub`)) {
    return;
  }
  if (store.kind === 'file') {
    makeOwnKeyFile(environment, store.passphrase ?? undefined);
    return;
  }
  const { privateKey, publicLine } = newSshKey(comment());
  privateDirectory(dirname(file));
  // The public half first: of two that try at once, one goes on.
  if (createPrivate(`${file}.pub`, `${publicLine}\n`)) {
    try {
      const { writeKeychain } = await import('../../protocol/keychain.ts');
      await writeKeychain(file, privateKey);
    } catch (error) {
      rmSync(`${file}.pub`, { force: true });
      throw error;
    }
  }
}

/** Makes the key in a file unless there is one. Returns the file. */
export function makeOwnKeyFile(environment?: NodeJS.ProcessEnv, passphrase?: string): string {
  const file = ownKeyFile(environment);
  privateDirectory(dirname(file));
  if (!existsSync(file)) {
    const { privateKey, publicLine } = newSshKey(comment(), passphrase);
    if (createPrivate(file, privateKey)) {
      createPrivate(`${file}.pub`, `${publicLine}\n`);
    }
  }
  return file;
}

/** The own key out of the keychain. @throws NoKeychain | NoTechnicianKey */
export async function readOwnKeyFromKeychain(environment?: NodeJS.ProcessEnv): Promise<ParsedKey> {
  const file = ownKeyFile(environment);
  const { keychainName, readKeychain } = await import('../../protocol/keychain.ts');
  const text = await readKeychain(file);
  const key = text === null ? null : ssh2.utils.parseKey(text);
  if (key === null || key instanceof Error) {
    throw new NoTechnicianKey(
      `your key is no longer in ${keychainName()}`,
      `remove ${file}.pub, make a new key and have it listed or certified: chaperone whoami`,
    );
  }
  return key;
}

function comment(): string {
  return `${userName() || 'technician'}@${hostname()}`;
}
