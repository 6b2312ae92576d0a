// Private keys in OpenSSH's file format, for those who sign: an authority's key, a technician's, a machine's.

import { createPrivateKey } from 'node:crypto';
import ssh2 from 'ssh2';
import { type SshSigner, signerOf } from './signature.ts';
import { WireError } from './ssh-wire.ts';

/** The file is a key, and only the passphrase is missing or wrong. */
export class LockedKey extends WireError {}

/**
 * What signs with the key of a file's text.
 *
 * @throws LockedKey when it needs a passphrase, or another one
 * @throws WireError when it is no private key of a type that is supported
 */
export function signerFromKeyFile(text: string, passphrase?: string): SshSigner {
  const parsed = ssh2.utils.parseKey(text, passphrase);
  if (parsed instanceof Error) {
    if (/no passphrase given|integrity check failed|bad passphrase|decrypt/i.test(parsed.message)) {
      throw new LockedKey('the key is locked with a passphrase', parsed);
    }
    throw new WireError('this is not a private SSH key', parsed);
  }
  if (!parsed.isPrivateKey()) {
    throw new WireError('this is a public key, and a private one is needed');
  }
  const signer = signerOf(createPrivateKey(parsed.getPrivatePEM()));
  if (!signer.publicKey.blob.equals(parsed.getPublicSSH())) {
    throw new WireError('the private and the public half of the key do not belong together');
  }
  return signer;
}
