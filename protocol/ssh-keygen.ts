// New Ed25519 keys in OpenSSH's format.

import ssh2 from 'ssh2';
import { ChaperoneError } from './errors.ts';

// ssh2 1.17 strips leading zero bytes of the public key: one key in 256 cannot be read by anyone. 16 in a row: never.
const TRIES = 16;

export interface SshKeyPair {
  /** OpenSSH private key file, not locked. */
  readonly privateKey: string;
  /** `ssh-ed25519 AAAA… comment` */
  readonly publicLine: string;
}

export function newSshKey(comment: string): SshKeyPair {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519', { comment });
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) {
      return { privateKey: pair.private, publicLine: pair.public };
    }
  }
  throw new ChaperoneError('no SSH key could be made', { hint: 'report this together with the version of Node' });
}
