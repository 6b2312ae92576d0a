// Signatures as SSH writes them (`string algorithm, string bytes`): made, and checked strictly against one key.

import { type KeyObject, sign, verify } from 'node:crypto';
import { curveOf, publicKeyOf, type SshPublicKey } from './public-key.ts';
import { WireError, WireReader, WireWriter } from './ssh-wire.ts';

const SIGNATURE_MAX = 4 * 1024; // bytes; RSA of 16,384 bits makes 2,048
const NAME_MAX = 64; // bytes of an algorithm's name
const ED25519_SIZE = 64; // bytes

/** Which signature algorithms a key may use, with their hashes (null: the algorithm has its own). SHA-1 is not among them. */
function algorithmsOf(type: string): ReadonlyMap<string, string | null> {
  if (type === 'ssh-ed25519') return new Map([[type, null]]);
  if (type === 'ssh-rsa') {
    return new Map([
      ['rsa-sha2-512', 'sha512'],
      ['rsa-sha2-256', 'sha256'],
    ]);
  }
  const curve = curveOf(type);
  return new Map(curve === null ? [] : [[type, curve.hash]]);
}

/** Signs what an SSH key signs. A key in an agent or a file fits as well as one of node:crypto. */
export interface SshSigner {
  readonly publicKey: SshPublicKey;
  /** @returns `string algorithm, string bytes` */
  sign(message: Uint8Array): Promise<Buffer> | Buffer;
}

/** A signer from a private key: Ed25519, RSA (SHA-512) or ECDSA. */
export function signerOf(privateKey: KeyObject): SshSigner {
  const publicKey = publicKeyOf(privateKey);
  const [[algorithm, hash] = ['', null]] = algorithmsOf(publicKey.type);
  const curve = curveOf(publicKey.type);
  return {
    publicKey,
    sign: (message) => {
      const raw = sign(hash, message, { key: privateKey, dsaEncoding: 'ieee-p1363' });
      const bytes =
        curve === null
          ? raw
          : new WireWriter()
              .positiveInteger(raw.subarray(0, curve.size))
              .positiveInteger(raw.subarray(curve.size))
              .finish();
      return new WireWriter().string(algorithm).string(bytes).finish();
    },
  };
}

/** Whether `signature` (`string algorithm, string bytes`) is one of `message` by `key`. Never throws. */
export function signatureHolds(key: SshPublicKey, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    const reader = new WireReader(signature);
    const algorithm = reader.text(NAME_MAX);
    const bytes = reader.string(SIGNATURE_MAX);
    reader.end();
    return rawSignatureHolds(key, algorithm, message, bytes);
  } catch (error) {
    if (error instanceof WireError) return false;
    throw error;
  }
}

function rawSignatureHolds(key: SshPublicKey, algorithm: string, message: Uint8Array, bytes: Buffer): boolean {
  const hash = algorithmsOf(key.type).get(algorithm);
  if (hash === undefined) return false;
  const curve = curveOf(key.type);
  if (curve === null) {
    if (key.type === 'ssh-ed25519' && bytes.length !== ED25519_SIZE) return false;
    return verify(hash, message, key.object, bytes);
  }
  const reader = new WireReader(bytes);
  const numbers = [reader.positiveInteger(curve.size), reader.positiveInteger(curve.size)];
  reader.end();
  const raw = Buffer.concat(numbers.map((number) => Buffer.concat([Buffer.alloc(curve.size - number.length), number])));
  return verify(hash, message, { key: key.object, dsaEncoding: 'ieee-p1363' }, raw);
}
