// A private key in the keychain of the operating system: Secret Service, macOS Keychain, Windows
// Credential Manager. Loaded only when a key is kept there, or a new one is made.

import { AsyncEntry } from 'keytar';
import { ChaperoneError } from './errors.ts';

const SERVICE = 'chaperone'; // under this name it stands in the keychain's own window
const PATIENCE_MS = 120_000; // a locked keychain asks its owner for a password

/** The keychain does not answer, is locked and stays so, or is not there. */
export class NoKeychain extends ChaperoneError {
  constructor(cause: unknown) {
    // What the package says is about buses and sockets: it stays in the cause.
    const why = cause instanceof ChaperoneError ? cause.message : 'none is running, or it stays locked';
    super(`the keychain of this computer cannot be used: ${why}`, {
      hint: 'log in at its desktop and unlock the keychain, or name a key file: --identity FILE',
      cause,
    });
  }
}

/** What people call it here. */
export function keychainName(): string {
  switch (process.platform) {
    case 'darwin':
      return 'the macOS Keychain';
    case 'win32':
      return 'the Windows Credential Manager';
    default:
      return 'the keychain of the desktop (Secret Service)';
  }
}

/** The secret kept for `account`; null when there is none. @throws NoKeychain */
export function readKeychain(account: string): Promise<string | null> {
  return use(account, (entry, signal) => entry.getPassword(signal));
}

/** Keeps `secret` for `account` and reads it again to be sure. @throws NoKeychain */
export async function writeKeychain(account: string, secret: string): Promise<void> {
  const kept = await use(account, async (entry, signal) => {
    await entry.setPassword(secret, signal);
    return await entry.getPassword(signal);
  });
  if (kept !== secret) {
    throw new NoKeychain(new ChaperoneError('it does not keep what it is given'));
  }
}

async function use<T>(account: string, act: (entry: AsyncEntry, signal: AbortSignal) => Promise<T>): Promise<T> {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  const { promise: overdue, reject } = Promise.withResolvers<never>();
  overdue.catch(() => undefined); // where the keychain is not even reached, nobody waits for this
  patience.addEventListener('abort', () => reject(new ChaperoneError('it does not answer')), { once: true });
  try {
    // Never the kernel's keyring, which the package would take instead without a word: a restart empties it.
    const entry = new AsyncEntry(SERVICE, account, { linux: { store: 'secret-service' } });
    return await Promise.race([act(entry, patience), overdue]);
  } catch (cause) {
    throw new NoKeychain(cause);
  }
}
