// Public keys in SSH's wire format (RFC 4253 §6.6, RFC 5656, RFC 8709), checked down to the numbers.

import { createHash, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { fromBase64, WireError, WireReader, WireWriter } from './ssh-wire.ts';

const RSA_MIN_BITS = 2048; // NIST SP 800-131A: what a signature needs at least
const RSA_MAX_BITS = 16_384; // what OpenSSH accepts at most
const EXPONENT_MAX = 8; // bytes; larger ones only make checking slow
const LINE_MAX = 64 * 1024; // characters; a certificate with all that it may hold is below
const NAME_MAX = 64; // bytes of a key type or curve name

/** The curves of RFC 5656, by the name in the key. */
const CURVES: ReadonlyMap<string, { readonly crv: string; readonly size: number; readonly hash: string }> = new Map([
  ['nistp256', { crv: 'P-256', size: 32, hash: 'sha256' }],
  ['nistp384', { crv: 'P-384', size: 48, hash: 'sha384' }],
  ['nistp521', { crv: 'P-521', size: 66, hash: 'sha512' }],
]);

export interface SshPublicKey {
  /** Such as `ssh-ed25519`. */
  readonly type: string;
  /** In SSH wire format: what is compared, and what the fingerprint is of. */
  readonly blob: Buffer;
  /** As `ssh-keygen -l` prints it: `SHA256:…`. */
  readonly fingerprint: string;
  /** What signs and verifies with it. */
  readonly object: KeyObject;
}

/** An RSA key that is too short for any purpose here. */
export class WeakRsaKey extends WireError {
  readonly bits: number;

  constructor(bits: number) {
    super(`the RSA key has ${bits} bits, which is too weak (at least ${RSA_MIN_BITS})`);
    this.bits = bits;
  }
}

/** OpenSSH's way to name a key: `SHA256:` and base64 without padding. */
export function fingerprintOf(blob: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/** Whether `text` is a fingerprint, written as {@link fingerprintOf} writes them. */
export function isFingerprint(text: string): boolean {
  return /^SHA256:[A-Za-z0-9+/]{43}$/.test(text);
}

/** Hash and width in bytes of an ECDSA key type; null for other types. */
export function curveOf(type: string): { readonly crv: string; readonly size: number; readonly hash: string } | null {
  const [, name = ''] = /^ecdsa-sha2-(nistp\d{3})$/.exec(type) ?? [];
  return CURVES.get(name) ?? null;
}

/** @throws WireError when `blob` is not exactly one key of a type that is supported */
export function parsePublicKey(blob: Uint8Array): SshPublicKey {
  const reader = new WireReader(blob);
  const type = reader.text(NAME_MAX);
  const key = readKeyFields(type, reader);
  reader.end();
  return key;
}

/** The key of a line of a `.pub` file: `ssh-ed25519 AAAA… comment`. @throws WireError */
export function parsePublicLine(line: string): SshPublicKey {
  const [type, blob] = splitLine(line);
  const key = parsePublicKey(blob);
  if (key.type !== type) {
    throw new WireError(`the line says ${type} and holds ${key.type}`);
  }
  return key;
}

/** The type that a `.pub` line names, and its bytes. The comment is dropped. @throws WireError */
export function splitLine(line: string): readonly [type: string, blob: Buffer] {
  const [type = '', encoded = ''] = line.length > LINE_MAX ? [] : line.trim().split(/[ \t]+/, 3);
  const blob = fromBase64(encoded);
  if (blob === null || blob.length === 0 || !/^[\x21-\x7e]{1,64}$/.test(type)) {
    throw new WireError('this is not a line of an OpenSSH .pub file');
  }
  return [type, blob];
}

/** The line for a `.pub` file, without newline. */
export function formatPublicLine(key: { readonly type: string; readonly blob: Buffer }, comment = ''): string {
  return `${key.type} ${key.blob.toString('base64')}${comment === '' ? '' : ` ${comment}`}`;
}

/** What follows the type name, in a key as in a certificate. @throws WireError */
export function readKeyFields(type: string, reader: WireReader): SshPublicKey {
  const blob = new WireWriter().string(type);
  const jwk = readJwk(type, reader, blob);
  let object: KeyObject;
  try {
    object = createPublicKey({ key: jwk, format: 'jwk' });
  } catch (cause) {
    throw new WireError('the key is damaged: its numbers make no key', cause);
  }
  const bytes = blob.finish();
  return { type, blob: bytes, fingerprint: fingerprintOf(bytes), object };
}

function readJwk(type: string, reader: WireReader, copy: WireWriter): JsonWebKey {
  if (type === 'ssh-ed25519') {
    const point = reader.string(32);
    copy.string(point);
    return { kty: 'OKP', crv: 'Ed25519', x: point.toString('base64url') };
  }
  if (type === 'ssh-rsa') {
    const exponent = reader.positiveInteger(EXPONENT_MAX);
    const modulus = reader.positiveInteger(RSA_MAX_BITS / 8);
    copy.positiveInteger(exponent).positiveInteger(modulus);
    const bits = modulus.length * 8 - (Math.clz32(modulus[0] ?? 0) - 24);
    if (bits < RSA_MIN_BITS) {
      throw new WeakRsaKey(bits);
    }
    return { kty: 'RSA', e: exponent.toString('base64url'), n: modulus.toString('base64url') };
  }
  const curve = curveOf(type);
  if (curve === null) {
    throw new WireError(`keys of the type ${JSON.stringify(type)} are not supported`);
  }
  const name = reader.text(NAME_MAX);
  const point = reader.string(1 + 2 * curve.size);
  copy.string(name).string(point);
  if (name !== type.slice('ecdsa-sha2-'.length) || point.length !== 1 + 2 * curve.size || point[0] !== 4) {
    throw new WireError('the key is damaged: its curve and its point do not fit');
  }
  const coordinate = (start: number) => point.subarray(start, start + curve.size).toString('base64url');
  return { kty: 'EC', crv: curve.crv, x: coordinate(1), y: coordinate(1 + curve.size) };
}

/** The SSH form of a public or private key of node:crypto. @throws WireError when SSH has none for it */
export function publicKeyOf(object: KeyObject): SshPublicKey {
  const publicHalf = object.type === 'private' ? createPublicKey(object) : object;
  const { crv, x = '', y = '', e = '', n = '' } = publicHalf.export({ format: 'jwk' });
  const bytes = (field: string) => Buffer.from(field, 'base64url');
  switch (publicHalf.asymmetricKeyType) {
    case 'ed25519':
      return parsePublicKey(new WireWriter().string('ssh-ed25519').string(bytes(x)).finish());
    case 'rsa':
      return parsePublicKey(
        new WireWriter().string('ssh-rsa').positiveInteger(bytes(e)).positiveInteger(bytes(n)).finish(),
      );
    case 'ec':
      for (const [name, curve] of CURVES) {
        if (curve.crv === crv) {
          const point = Buffer.concat([Buffer.of(4), bytes(x), bytes(y)]);
          return parsePublicKey(new WireWriter().string(`ecdsa-sha2-${name}`).string(name).string(point).finish());
        }
      }
  }
  throw new WireError('SSH has no form for this kind of key');
}
