// A revocation list with its signature: whether an authority made it, and what it says.

import { isKrl, parseKrl } from './krl.ts';
import type { SshPublicKey } from './public-key.ts';
import { parseRevocationText } from './revocation-text.ts';
import type { RevocationList } from './revoked.ts';
import { WireError } from './ssh-wire.ts';
import { NAMESPACES, verifySshsig } from './sshsig.ts';

export interface SignedRevocations {
  readonly list: RevocationList;
  readonly signer: SshPublicKey;
}

/**
 * Opens a text list or a KRL that one of `cas` signed (`ssh-keygen -Y sign -n revocation@chaperone`).
 *
 * @param signature text of the file beside it
 * @throws WireError that says what is wrong with it
 */
export function openRevocations(
  bytes: Uint8Array,
  signature: string,
  cas: readonly { readonly blob: Buffer }[],
): SignedRevocations {
  const signer = verifySshsig(signature, bytes, NAMESPACES.revocation, cas);
  if (signer === null) {
    throw new WireError('its signature is not one of an authority of this machine');
  }
  return { signer, list: isKrl(bytes) ? parseKrl(bytes) : parseRevocationText(decode(bytes), signer.blob) };
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new WireError('the list is not text in UTF-8', cause);
  }
}
