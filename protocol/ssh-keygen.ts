// New Ed25519 keys in OpenSSH's format.

import ssh2 from 'ssh2';
import { ChaperoneError } from './errors.ts';

// ssh2 1.17 strips leading zero bytes of the public key: one key in 256 cannot be read by anyone. 16 in a row: never.
const TRIES = 16;

const CIPHER = 'aes256-ctr'; // as ssh-keygen locks keys
const ROUNDS = 24; // of bcrypt_pbkdf: half a second here, where ssh-keygen's 16 take a fifth

export interface SshKeyPair {
  /** OpenSSH private key file. */
  readonly privateKey: string;
  /** `ssh-ed25519 AAAA… comment` */
  readonly publicLine: string;
}

/** @param passphrase locks the private key; without, it is not locked */
export function newSshKey(comment: string, passphrase?: string): SshKeyPair {
  const lock = passphrase === undefined ? {} : { passphrase, cipher: CIPHER, rounds: ROUNDS };
  for (let tries = 0; tries < TRIES; tries += 1) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519', { comment, ...lock });
    if (!(ssh2.utils.parseKey(pair.private, passphrase) instanceof Error)) {
      return { privateKey: pair.private, publicLine: pair.public };
    }
  }
  throw new ChaperoneError('no SSH key could be made', { hint: 'report this together with the version of Node' });
}
