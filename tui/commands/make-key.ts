// Makes the technician's key, in the safest place that this computer has, and says which that is.

import { NoTechnicianKey } from '../connection/errors.ts';
import { makeOwnKey, makeOwnKeyFile, ownKeyFile } from '../connection/own-key.ts';
import { say } from './output.ts';
import { ask, canAsk } from './questions.ts';

const PASSPHRASE_MIN = 8; // characters; bcrypt makes each guess cost half a second of a processor

/** @returns a sentence that says where it is kept. @throws NoTechnicianKey when it could only be kept unlocked, and that was not asked for */
export async function makeKey({ locked }: { readonly locked: boolean }): Promise<string> {
  const file = ownKeyFile();
  if (!locked) {
    makeOwnKeyFile();
    return `A key was made for you: ${file}. It has no passphrase: keep the file to yourself.`;
  }
  const { keychainName, NoKeychain } = await import('../../protocol/keychain.ts');
  try {
    await makeOwnKey({ kind: 'keychain' });
    return `A key was made for you, and is kept in ${keychainName()}.`;
  } catch (error) {
    if (!(error instanceof NoKeychain)) {
      throw error;
    }
    say(`${error.message[0]?.toUpperCase()}${error.message.slice(1)}.`);
  }
  await makeOwnKey({ kind: 'file', passphrase: await newPassphrase(file) });
  return `A key was made for you: ${file}, locked with your passphrase.`;
}

async function newPassphrase(file: string): Promise<string> {
  if (!canAsk()) {
    throw new NoTechnicianKey(
      'you have no SSH key, and nobody can be asked for the passphrase of a new one',
      'run chaperone whoami at a terminal, or make a key that is not locked: chaperone whoami --no-passphrase',
    );
  }
  say(`The key goes into ${file}, locked with a passphrase.`);
  const { signal } = new AbortController();
  for (;;) {
    const first = await ask(`New passphrase (at least ${PASSPHRASE_MIN} characters): `, { signal, hidden: true });
    if (first !== null && first.length < PASSPHRASE_MIN) {
      say('That is too short.');
      continue;
    }
    const second = first === null ? null : await ask('Once more: ', { signal, hidden: true });
    if (first === null || second === null) {
      throw new NoTechnicianKey('no key was made', 'run chaperone whoami again when you have thought of a passphrase');
    }
    if (first === second) {
      return first;
    }
    say('Those were not the same.');
  }
}
