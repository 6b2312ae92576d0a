// Public keys that a policy lists, as OpenSSH writes them (`ssh-ed25519 AAAA… comment`): which kinds are taken, and what
// to do about those that are not.

import { z } from 'zod';
import { parsePublicKey, type SshPublicKey, WeakRsaKey } from '../../protocol/identity/public-key.ts';
import { fromBase64, WireError } from '../../protocol/identity/ssh-wire.ts';

const RSA_MIN_BITS = 3072; // NIST SP 800-57: 128 bits of strength
const LINE_MAX = 8 * 1024; // characters; an RSA key of 16,384 bits has 2,800

/** A schema for one line of a `.pub` file; the comment is dropped. */
export const PublicKeyLine = z
  .string()
  .max(LINE_MAX, 'this is too long for a public key')
  .transform((line, context): SshPublicKey => {
    const read = readLine(line);
    if ('blob' in read) return read;
    context.addIssue({ code: 'custom', message: read.problem, params: { hint: read.hint } });
    return z.NEVER;
  });

const COPY_HINT = 'copy the whole line of the .pub file, such as ~/.ssh/id_ed25519.pub';
const NEW_KEY_HINT = 'ask the technician for an Ed25519 key: ssh-keygen -t ed25519';
const DAMAGED = 'the key is damaged';

interface Refusal {
  readonly problem: string;
  readonly hint: string;
}

function readLine(line: string): SshPublicKey | Refusal {
  if (line.includes('PRIVATE KEY')) {
    return {
      problem: 'this is a private key, which must never be here',
      hint: 'delete it here and treat it as stolen: make a new pair; only the .pub line belongs into a policy',
    };
  }
  const [type = '', encoded = ''] = line.trim().split(/[ \t]+/, 3);
  const refusal = unsupported(type);
  if (refusal !== null) return refusal;
  const blob = fromBase64(encoded);
  if (blob === null || blob.length === 0) {
    return { problem: 'the part after the key type is not base64', hint: COPY_HINT };
  }
  try {
    const key = parsePublicKey(blob);
    const bits = key.object.asymmetricKeyDetails?.modulusLength ?? RSA_MIN_BITS;
    if (bits < RSA_MIN_BITS) return tooWeak(bits);
    return key.type === type ? key : { problem: `${DAMAGED} or cut off`, hint: COPY_HINT };
  } catch (error) {
    if (error instanceof WeakRsaKey) return tooWeak(error.bits);
    if (!(error instanceof WireError)) throw error;
    return {
      problem: error.message.startsWith(DAMAGED) ? error.message : `${DAMAGED} or cut off`,
      hint: COPY_HINT,
    };
  }
}

function tooWeak(bits: number): Refusal {
  return {
    problem: `this RSA key has ${bits} bits, which is too weak (at least ${RSA_MIN_BITS})`,
    hint: NEW_KEY_HINT,
  };
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
