// Keys of C2SP signed notes: the texts in which they are written down, and what they do.
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { LogFormatError } from './errors.ts';

/** Signature type Ed25519 over the note text; the only one this program signs and verifies notes with. */
const ED25519 = 0x01;
const KEY_SIZE = 32;
export const SIGNATURE_SIZE = 64;
const MAX_KEY_TEXT = 1024; // characters; a name is a URL, the rest has a fixed length

// node:crypto takes Ed25519 keys as DER only; these are the constant heads before the 32 bytes (RFC 8410).
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

/** Checks the signatures of one key. */
export interface NoteVerifier {
  readonly name: string;
  /** First four bytes of SHA-256(name ‖ 0x0A ‖ type ‖ key), as a number. */
  readonly keyId: number;
  /** `name+hex(keyId)+base64(type ‖ key)`: the text that people exchange. */
  readonly key: string;
  verify(text: Uint8Array, signature: Uint8Array): boolean;
}

/** Makes the signatures of one key. */
export interface NoteSigner {
  readonly name: string;
  readonly keyId: number;
  /** What others check this signer's notes with. */
  readonly verifier: NoteVerifier;
  sign(text: Uint8Array): Uint8Array;
}

/** Whether a key name may stand in a note: not empty, no Unicode space, no plus, no control characters. */
export function isKeyName(name: string): boolean {
  return name.length > 0 && name.isWellFormed() && !/[\p{White_Space}+\x00-\x1f]/u.test(name);
}

/** Standard base64, canonical spelling only: otherwise one signature would have several texts. */
export function parseBase64(text: string): Uint8Array | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}

function keyIdOf(name: string, typedKey: Uint8Array): number {
  const digest = hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), typedKey]), 'buffer');
  return digest.readUInt32BE(0);
}

const keyIdHex = (keyId: number): string => keyId.toString(16).padStart(8, '0');

/**
 * Parse `name+hex+base64`. The error never repeats the text: it may be a private key in the wrong place.
 * @throws LogFormatError
 */
export function parseVerifierKey(text: string): NoteVerifier {
  const [name, idText, keyText, ...rest] = text.length > MAX_KEY_TEXT ? [] : text.split('+');
  // base64 may contain plus signs itself.
  const bytes = keyText === undefined ? null : parseBase64([keyText, ...rest].join('+'));
  if (name === undefined || idText === undefined || bytes === null || !isKeyName(name)) {
    throw new LogFormatError('not a verifier key', 'a verifier key looks like name+12345678+AbCd…=');
  }
  if (bytes.length !== 1 + KEY_SIZE || bytes[0] !== ED25519) {
    throw new LogFormatError(`verifier key of ${name} is not an Ed25519 key`);
  }
  if (keyIdHex(keyIdOf(name, bytes)) !== idText) throw new LogFormatError(`verifier key of ${name} has a wrong key ID`);
  return makeVerifier(name, bytes.subarray(1));
}

/** A verifier from a name and the 32 bytes of an Ed25519 public key. */
export function makeVerifier(name: string, publicKey: Uint8Array): NoteVerifier {
  if (!isKeyName(name)) throw new LogFormatError('not a key name', 'a key name has no spaces and no plus sign');
  if (publicKey.length !== KEY_SIZE) throw new LogFormatError(`key of ${name} is not an Ed25519 key`);
  const typed = Buffer.concat([Buffer.of(ED25519), publicKey]);
  const keyId = keyIdOf(name, typed);
  const object = createPublicKey({ key: Buffer.concat([SPKI_HEAD, publicKey]), format: 'der', type: 'spki' });
  return {
    name,
    keyId,
    key: `${name}+${keyIdHex(keyId)}+${typed.toString('base64')}`,
    verify: (message, signature) => signature.length === SIGNATURE_SIZE && verify(null, message, object, signature),
  };
}

const SIGNER_PREFIX = ['PRIVATE', 'KEY'];

/**
 * Parse the text of a signer key file: `PRIVATE+KEY+name+hex+base64(type ‖ seed)` and an optional final newline.
 * The error never repeats the text, which is secret.
 * @throws LogFormatError
 */
export function parseSignerKey(text: string): NoteSigner {
  const line = text.endsWith('\n') ? text.slice(0, -1) : text;
  const [word1, word2, name, idText, keyText, ...rest] = line.length > MAX_KEY_TEXT ? [] : line.split('+');
  const bytes = keyText === undefined ? null : parseBase64([keyText, ...rest].join('+'));
  if (
    word1 !== SIGNER_PREFIX[0] ||
    word2 !== SIGNER_PREFIX[1] ||
    name === undefined ||
    !isKeyName(name) ||
    bytes?.length !== 1 + KEY_SIZE ||
    bytes[0] !== ED25519
  ) {
    throw new LogFormatError('not a signer key', 'a signer key file begins with PRIVATE+KEY+');
  }
  const signer = makeSigner(name, seedKey(bytes.subarray(1)));
  if (keyIdHex(signer.keyId) !== idText) throw new LogFormatError('signer key has a wrong key ID');
  return signer;
}

/** A new signer key file text, and the verifier key that belongs to it. */
export function generateSignerKey(name: string): { readonly signerKey: string; readonly verifierKey: string } {
  const { privateKey } = generateKeyPairSync('ed25519');
  const { verifier } = makeSigner(name, privateKey);
  const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(PKCS8_HEAD.length);
  const typed = Buffer.concat([Buffer.of(ED25519), seed]).toString('base64');
  const signerKey = `${[...SIGNER_PREFIX, name, keyIdHex(verifier.keyId), typed].join('+')}\n`;
  return { signerKey, verifierKey: verifier.key };
}

/** A signer from a name and an Ed25519 private key, for keys that live elsewhere (a machine's host key). */
export function makeSigner(name: string, privateKey: KeyObject): NoteSigner {
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(SPKI_HEAD.length);
  const verifier = makeVerifier(name, publicKey);
  return { name, keyId: verifier.keyId, verifier, sign: (message) => sign(null, message, privateKey) };
}

function seedKey(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' });
}
