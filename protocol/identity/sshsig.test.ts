// Signatures of files against the real ssh-keygen -Y, in both directions.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type KeyFiles,
  type KeyType,
  makeKey,
  sshKeygen,
  sshKeygenAgrees,
} from '../../test/harness/certificate-authority.ts';
import { describeWith } from '../../test/requires.ts';
import { LockedKey, signerFromKeyFile } from './private-key.ts';
import { parsePublicLine } from './public-key.ts';
import { WireError } from './ssh-wire.ts';
import { NAMESPACES, parseSshsig, type SshsigHash, signSshsig, verifySshsig } from './sshsig.ts';

const TYPES: readonly KeyType[] = ['ed25519', 'ecdsa-256', 'ecdsa-384', 'rsa-2048'];
const MESSAGE = Buffer.from('machine: { hipaa: true }\n');

let directory: string;
let keys: Map<KeyType, KeyFiles>;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'chaperone-sshsig-'));
  keys = new Map(TYPES.map((type) => [type, makeKey(directory, type, type)]));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function keyOf(type: KeyType): KeyFiles {
  return keys.get(type) ?? expect.unreachable();
}

function signedBySshKeygen(key: KeyFiles, namespace: string, hash: SshsigHash): string {
  const file = join(directory, 'message');
  writeFileSync(file, MESSAGE);
  rmSync(`${file}.sig`, { force: true });
  sshKeygen(['-q', '-Y', 'sign', '-f', key.file, '-n', namespace, '-O', `hashalg=${hash}`, file]);
  return readFileSync(`${file}.sig`, 'utf8');
}

function sshKeygenBelieves(signature: string, key: KeyFiles, namespace: string): boolean {
  const [signers, file] = [join(directory, 'signers'), join(directory, 'signature')];
  writeFileSync(signers, `someone ${key.publicLine}\n`);
  writeFileSync(file, signature);
  return sshKeygenAgrees(['-Y', 'verify', '-f', signers, '-I', 'someone', '-n', namespace, '-s', file], MESSAGE);
}

const weBelieve = (signature: string, key: KeyFiles, message: Uint8Array = MESSAGE) =>
  verifySshsig(signature, message, NAMESPACES.policy, [parsePublicLine(key.publicLine)]) !== null;

const cases = TYPES.flatMap((type) => (['sha512', 'sha256'] as const).map((hash) => [type, hash] as const));

describeWith('ssh-keygen', 'a signed file', () => {
  it.each(cases)('by ssh-keygen -Y sign verifies here: %s, %s', (type, hash) => {
    const signature = signedBySshKeygen(keyOf(type), NAMESPACES.policy, hash);
    expect(parseSshsig(signature)).toMatchObject({ namespace: NAMESPACES.policy, hash });
    expect(weBelieve(signature, keyOf(type))).toBe(true);
    expect(weBelieve(signature, keyOf(type), Buffer.from('machine: { hipaa: false }\n'))).toBe(false);
    expect(weBelieve(signature, keyOf(type === 'ed25519' ? 'rsa-2048' : 'ed25519'))).toBe(false);
  });

  it.each(cases)('by us verifies with ssh-keygen -Y verify: %s, %s', async (type, hash) => {
    const signer = signerFromKeyFile(readFileSync(keyOf(type).file, 'utf8'));
    const signature = await signSshsig(MESSAGE, NAMESPACES.policy, signer, hash);
    expect(sshKeygenBelieves(signature, keyOf(type), NAMESPACES.policy)).toBe(true);
    expect(weBelieve(signature, keyOf(type))).toBe(true);
  });

  it('has the same bytes from us and from ssh-keygen', async () => {
    const signer = signerFromKeyFile(readFileSync(keyOf('ed25519').file, 'utf8'));
    expect(await signSshsig(MESSAGE, NAMESPACES.policy, signer)).toBe(
      signedBySshKeygen(keyOf('ed25519'), NAMESPACES.policy, 'sha512'),
    );
  });

  it('for one purpose does not count for another', () => {
    expect(weBelieve(signedBySshKeygen(keyOf('ed25519'), NAMESPACES.revocation, 'sha512'), keyOf('ed25519'))).toBe(
      false,
    );
  });

  it('with any byte flipped is believed by nobody', () => {
    const key = keyOf('ed25519');
    const lines = signedBySshKeygen(key, NAMESPACES.policy, 'sha512').trimEnd().split('\n');
    const bytes = Buffer.from(lines.slice(1, -1).join(''), 'base64');
    for (const index of bytes.keys()) {
      const mutant = Buffer.from(bytes);
      mutant[index] = (mutant[index] ?? 0) ^ (1 << (index % 8));
      const text = [lines[0], mutant.toString('base64'), lines.at(-1), ''].join('\n');
      expect(weBelieve(text, key)).toBe(false);
      expect(sshKeygenBelieves(text, key, NAMESPACES.policy)).toBe(false);
    }
  });

  it('with a character of its text changed is believed only where ssh-keygen believes it', () => {
    const key = keyOf('ed25519');
    const signature = signedBySshKeygen(key, NAMESPACES.policy, 'sha512');
    for (let index = 0; index < signature.length; index += 1) {
      for (const character of ['\n', '=']) {
        const text = `${signature.slice(0, index)}${character}${signature.slice(index + 1)}`;
        expect(weBelieve(text, key) && !sshKeygenBelieves(text, key, NAMESPACES.policy)).toBe(false);
      }
      expect(weBelieve(signature.slice(0, index), key)).toBe(false || index === signature.length - 1);
    }
  });

  it('never crashes the reader', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const body = Buffer.concat([Buffer.from('SSHSIG\0\0\0\u0001'), bytes]).toString('base64');
        const text = `-----BEGIN SSH SIGNATURE-----\n${body}\n-----END SSH SIGNATURE-----\n`;
        expect(() => parseSshsig(text)).toThrow(WireError);
      }),
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => void expect(() => parseSshsig(text)).toThrow(WireError)),
    );
  });
});

describeWith('ssh-keygen', 'a private key file', () => {
  it('that is locked says so, and opens with its passphrase', () => {
    const { file, publicLine } = makeKey(directory, 'locked', 'ed25519', 'correct horse');
    const text = readFileSync(file, 'utf8');
    expect(() => signerFromKeyFile(text)).toThrow(LockedKey);
    expect(() => signerFromKeyFile(text, 'wrong')).toThrow(LockedKey);
    expect(signerFromKeyFile(text, 'correct horse').publicKey.fingerprint).toBe(
      parsePublicLine(publicLine).fingerprint,
    );
  });

  it('is not taken for one when it is a public key or nothing', () => {
    for (const text of ['', 'hello', keyOf('ed25519').publicLine]) {
      expect(() => signerFromKeyFile(text)).toThrow(WireError);
    }
  });
});
