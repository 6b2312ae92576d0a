// Technicians' public keys as OpenSSH writes them (`ssh-ed25519 AAAA… comment`), checked down to the numbers.

import { createHash, createPublicKey, type JsonWebKey } from 'node:crypto';
import { z } from 'zod';

const RSA_MIN_BITS = 3072; // NIST SP 800-57: 128 bits of strength
const RSA_MAX_BITS = 16_384; // what OpenSSH accepts at most
const LINE_MAX = 8 * 1024; // characters; an RSA key of 16,384 bits has 2,800

/** The curves of RFC 5656, by the name in the key. */
const CURVES: Readonly<Record<string, { readonly crv: string; readonly size: number }>> = {
  nistp256: { crv: 'P-256', size: 32 },
  nistp384: { crv: 'P-384', size: 48 },
  nistp521: { crv: 'P-521', size: 66 },
};

export interface ListedKey {
  /** Such as `ssh-ed25519`. */
  readonly type: string;
  /** The key in SSH wire format (RFC 4253 §6.6), as a client offers it. */
  readonly blob: Buffer;
  /** As `ssh-keygen -l` prints it: `SHA256:…`. */
  readonly fingerprint: string;
}

/** A schema for one line of a `.pub` file; the comment is dropped. */
export const PublicKeyLine = z
  .string()
  .max(LINE_MAX, 'this is too long for a public key')
  .transform((line, context): ListedKey => {
    const parsed = parsePublicKey(line);
    if ('blob' in parsed) return parsed;
    context.addIssue({ code: 'custom', message: parsed.problem, params: { hint: parsed.hint } });
    return z.NEVER;
  });

const COPY_HINT = 'copy the whole line of the .pub file, such as ~/.ssh/id_ed25519.pub';
const NEW_KEY_HINT = 'ask the technician for an Ed25519 key: ssh-keygen -t ed25519';

interface Refusal {
  readonly problem: string;
  readonly hint: string;
}

function parsePublicKey(line: string): ListedKey | Refusal {
  if (line.includes('PRIVATE KEY')) {
    return {
      problem: 'this is a private key, which must never be here',
      hint: 'delete it here and treat it as stolen: make a new pair; only the .pub line belongs into a policy',
    };
  }
  const [type = '', encoded = ''] = line.trim().split(/[ \t]+/, 3);
  const weakness = unsupported(type);
  if (weakness !== null) return weakness;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) {
    return { problem: 'the part after the key type is not base64', hint: COPY_HINT };
  }
  const blob = Buffer.from(encoded, 'base64');
  const fields = readFields(blob);
  if (fields === null || fields[0]?.toString('latin1') !== type) {
    return { problem: 'the key is damaged or cut off', hint: COPY_HINT };
  }
  const problem =
    type === 'ssh-rsa' ? checkRsa(fields) : type === 'ssh-ed25519' ? checkEd25519(fields) : checkEcdsa(fields);
  if (problem !== null) return problem;
  const fingerprint = `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
  return { type, blob, fingerprint };
}

function unsupported(type: string): Refusal | null {
  if (type === 'ssh-ed25519' || type === 'ssh-rsa' || /^ecdsa-sha2-nistp(256|384|521)$/.test(type)) return null;
  if (type === 'ssh-dss') return { problem: 'DSA keys are too weak', hint: NEW_KEY_HINT };
  if (type.includes('-cert-v01@')) {
    return {
      problem: 'this is a certificate; this version takes plain keys',
      hint: 'list the .pub file without -cert',
    };
  }
  if (type.startsWith('sk-')) {
    return { problem: 'keys on security tokens (sk-…) are not supported yet', hint: NEW_KEY_HINT };
  }
  return { problem: 'this is not an OpenSSH public key', hint: COPY_HINT };
}

/** The length-prefixed strings that fill the blob exactly (RFC 4251 §5), or null. */
function readFields(blob: Buffer): Buffer[] | null {
  const fields: Buffer[] = [];
  let at = 0;
  while (at < blob.length) {
    if (at + 4 > blob.length) return null;
    const end = at + 4 + blob.readUInt32BE(at);
    if (end > blob.length) return null;
    fields.push(blob.subarray(at + 4, end));
    at = end;
  }
  return fields;
}

const DAMAGED: Refusal = { problem: 'the key is damaged: its numbers make no key', hint: COPY_HINT };

function checkEd25519([, point, ...rest]: readonly Buffer[]): Refusal | null {
  return point?.length === 32 && rest.length === 0 ? null : DAMAGED;
}

function checkEcdsa([type, name, point, ...rest]: readonly Buffer[]): Refusal | null {
  const curveName = name?.toString('latin1') ?? '';
  const curve = CURVES[curveName];
  if (curve === undefined || point === undefined || rest.length > 0) return DAMAGED;
  if (!type?.toString('latin1').endsWith(curveName) || point.length !== 1 + 2 * curve.size || point[0] !== 4) {
    return DAMAGED;
  }
  const x = point.subarray(1, 1 + curve.size).toString('base64url');
  const y = point.subarray(1 + curve.size).toString('base64url');
  return isKey({ kty: 'EC', crv: curve.crv, x, y }) ? null : DAMAGED;
}

function checkRsa([, exponent, modulus, ...rest]: readonly Buffer[]): Refusal | null {
  if (exponent === undefined || modulus === undefined || rest.length > 0) return DAMAGED;
  const significant = modulus[0] === 0 ? modulus.subarray(1) : modulus;
  const bits = significant.length * 8 - Math.clz32(significant[0] ?? 0) + 24;
  if (bits < RSA_MIN_BITS) {
    return {
      problem: `this RSA key has ${bits} bits, which is too weak (at least ${RSA_MIN_BITS})`,
      hint: NEW_KEY_HINT,
    };
  }
  if (bits > RSA_MAX_BITS) {
    return { problem: `this RSA key has ${bits} bits (at most ${RSA_MAX_BITS})`, hint: NEW_KEY_HINT };
  }
  const jwk = { kty: 'RSA', n: significant.toString('base64url'), e: exponent.toString('base64url') };
  return isKey(jwk) ? null : DAMAGED;
}

/** Whether OpenSSL takes the numbers, which includes that a point lies on its curve. */
function isKey(jwk: JsonWebKey): boolean {
  try {
    createPublicKey({ key: jwk, format: 'jwk' });
    return true;
  } catch {
    return false;
  }
}
