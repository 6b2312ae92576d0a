// SSHSIG (PROTOCOL.sshsig of OpenSSH): detached signatures of files, as `ssh-keygen -Y sign` makes and
// `ssh-keygen -Y verify` checks them.

import { createHash } from 'node:crypto';
import { parsePublicKey, type SshPublicKey } from './public-key.ts';
import { type SshSigner, signatureHolds } from './signature.ts';
import { fromBase64, WireError, WireReader, WireWriter } from './ssh-wire.ts';

/** What a signature is for. One made for another purpose does not count. */
export const NAMESPACES = {
  policy: 'policy@chaperone',
  catalogue: 'catalogue@chaperone',
  revocation: 'revocation@chaperone',
} as const;
export type Namespace = (typeof NAMESPACES)[keyof typeof NAMESPACES];

const MAGIC = 'SSHSIG';
const VERSION = 1;
const HASHES = ['sha512', 'sha256'] as const; // ssh-keygen's default first
const BEGIN = '-----BEGIN SSH SIGNATURE-----';
const END = '-----END SSH SIGNATURE-----';
const LINE_LENGTH = 70; // characters of base64, as ssh-keygen wraps it
const TEXT_MAX = 32 * 1024; // characters; one by the largest RSA key has 6,000
const PART_MAX = 8 * 1024; // bytes

export type SshsigHash = (typeof HASHES)[number];

export interface Sshsig {
  readonly publicKey: SshPublicKey;
  readonly namespace: string;
  readonly hash: SshsigHash;
  /** `string algorithm, string bytes` */
  readonly signature: Buffer;
}

/** Reads an armoured signature; does not check it. @throws WireError */
export function parseSshsig(text: string): Sshsig {
  const reader = new WireReader(dearmour(text));
  if (reader.bytes(MAGIC.length).toString('latin1') !== MAGIC || reader.uint32() !== VERSION) {
    throw new WireError('this is not an SSH signature of version 1');
  }
  const publicKey = parsePublicKey(reader.string(PART_MAX));
  const namespace = reader.text(PART_MAX);
  reader.string(PART_MAX); // reserved, and like ssh-keygen this program signs it as empty
  const hash = hashOf(reader.text(PART_MAX));
  const signature = reader.string(PART_MAX);
  reader.end();
  return { publicKey, namespace, hash, signature };
}

/** Whether `signature` is one of `message` for `namespace`, by the key that it names. Who that is, the caller checks. */
export function sshsigHolds(signature: Sshsig, message: Uint8Array, namespace: Namespace): boolean {
  return (
    signature.namespace === namespace &&
    signatureHolds(signature.publicKey, toSign(message, namespace, signature.hash), signature.signature)
  );
}

/** Checks `text` against `message`: the one of `signers` who signed, or null. Never throws on bad input. */
export function verifySshsig(
  text: string,
  message: Uint8Array,
  namespace: Namespace,
  signers: readonly { readonly blob: Buffer }[],
): SshPublicKey | null {
  let parsed: Sshsig;
  try {
    parsed = parseSshsig(text);
  } catch (error) {
    if (error instanceof WireError) return null;
    throw error;
  }
  const known = signers.some(({ blob }) => blob.equals(parsed.publicKey.blob));
  return known && sshsigHolds(parsed, message, namespace) ? parsed.publicKey : null;
}

/** The armoured signature of `message`, ending in a newline. */
export async function signSshsig(
  message: Uint8Array,
  namespace: Namespace,
  signer: SshSigner,
  hash: SshsigHash = 'sha512',
): Promise<string> {
  const bytes = new WireWriter()
    .raw(MAGIC)
    .uint32(VERSION)
    .string(signer.publicKey.blob)
    .string(namespace)
    .string('')
    .string(hash)
    .string(await signer.sign(toSign(message, namespace, hash)))
    .finish();
  const lines = bytes.toString('base64').match(new RegExp(`.{1,${LINE_LENGTH}}`, 'g')) ?? [];
  return [BEGIN, ...lines, END, ''].join('\n');
}

function toSign(message: Uint8Array, namespace: string, hash: SshsigHash): Buffer {
  return new WireWriter()
    .raw(MAGIC)
    .string(namespace)
    .string('')
    .string(hash)
    .string(createHash(hash).update(message).digest())
    .finish();
}

function hashOf(name: string): SshsigHash {
  const hash = HASHES.find((known) => known === name);
  if (hash === undefined) {
    throw new WireError('the signature uses a hash that is not allowed');
  }
  return hash;
}

function dearmour(text: string): Buffer {
  if (text.length > TEXT_MAX) {
    throw new WireError('the signature is too large');
  }
  const lines = text.trimEnd().split(/\r?\n/);
  if (lines[0] !== BEGIN || lines.at(-1) !== END) {
    throw new WireError('this is not an SSH signature', undefined);
  }
  const bytes = fromBase64(lines.slice(1, -1).join(''));
  if (bytes === null) {
    throw new WireError('the signature is not base64');
  }
  return bytes;
}
