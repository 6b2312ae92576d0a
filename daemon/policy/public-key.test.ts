// Only keys that are strong and whole get into a policy, and their fingerprints are those that ssh-keygen shows.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PublicKeyLine } from './public-key.ts';
import { ACCEPTED, ED25519, RSA_2048 } from './test-keys.ts';

function problem(line: string): string | null {
  const parsed = PublicKeyLine.safeParse(line);
  return parsed.success ? null : (parsed.error.issues[0]?.message ?? '');
}

describe('a public key in the policy', () => {
  it.each(ACCEPTED)('%s has the fingerprint of ssh-keygen', (line, fingerprint) => {
    expect(PublicKeyLine.parse(`${line} some comment here`).fingerprint).toBe(fingerprint);
    expect(PublicKeyLine.parse(`  ${line}\n`).fingerprint).toBe(fingerprint);
  });

  it.each([
    [RSA_2048, 'this RSA key has 2048 bits, which is too weak (at least 3072)'],
    ['ssh-dss AAAAB3NzaC1kc3M=', 'DSA keys are too weak'],
    ['sk-ssh-ed25519@openssh.com AAAA', 'keys on security tokens (sk-…) are not supported yet'],
    ['ssh-ed25519-cert-v01@openssh.com AAAA', 'this is a certificate; this version takes plain keys'],
    ['hello', 'this is not an OpenSSH public key'],
    ['', 'this is not an OpenSSH public key'],
    ['ssh-ed25519', 'the part after the key type is not base64'],
    ['ssh-ed25519 AAAA…', 'the part after the key type is not base64'],
    [ED25519.replace('ssh-ed25519', 'ssh-rsa'), 'the key is damaged or cut off'],
    ['-----BEGIN OPENSSH PRIVATE KEY-----', 'this is a private key, which must never be here'],
  ])('%s is refused with the reason', (line, expected) => {
    expect(problem(line)).toBe(expected);
  });

  it('is refused when any part of it is cut off or something is added', () => {
    for (const [line] of ACCEPTED) {
      const [type, encoded = ''] = line.split(' ');
      const blob = Buffer.from(encoded, 'base64');
      for (const bytes of [blob.subarray(0, -1), blob.subarray(0, 30), Buffer.concat([blob, Buffer.alloc(4)])]) {
        expect(problem(`${type} ${bytes.toString('base64')}`)).toMatch(/damaged|too weak/);
      }
    }
  });

  it('is refused when its point is not on the curve', () => {
    const [type, encoded = ''] = (ACCEPTED[1]?.[0] ?? '').split(' ');
    const blob = Buffer.from(encoded, 'base64');
    blob.writeUInt8(blob.readUInt8(blob.length - 1) ^ 1, blob.length - 1);
    expect(problem(`${type} ${blob.toString('base64')}`)).toBe('the key is damaged: its numbers make no key');
  });

  it('never throws, whatever the bytes are', () => {
    const type = fc.constantFrom('ssh-ed25519', 'ssh-rsa', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp521');
    fc.assert(
      fc.property(type, fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 5 }), (name, fields) => {
        const parts = [Buffer.from(name), ...fields].flatMap((field) => {
          const length = Buffer.alloc(4);
          length.writeUInt32BE(field.length);
          return [length, field];
        });
        PublicKeyLine.safeParse(`${name} ${Buffer.concat(parts).toString('base64')}`);
      }),
    );
  });
});
