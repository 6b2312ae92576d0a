// Certificates against the real ssh-keygen, in both directions.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { certify, type KeyFiles, type KeyType, makeKey, sshKeygen } from '../../test/harness/certificate-authority.ts';
import { describeWith } from '../../test/requires.ts';
import { badgeOf } from './badge.ts';
import {
  type Certificate,
  FOREVER,
  formatCertificateLine,
  issueCertificate,
  optionData,
  parseCertificate,
  parseCertificateLine,
} from './certificate.ts';
import { checkCertificate } from './check-certificate.ts';
import { signerFromKeyFile } from './private-key.ts';
import { parsePublicLine } from './public-key.ts';
import { WireError } from './ssh-wire.ts';

const TYPES: readonly KeyType[] = ['ed25519', 'ecdsa-256', 'ecdsa-384', 'rsa-2048'];

let directory: string;
let keys: Record<KeyType, KeyFiles>;
let cas: Record<KeyType, KeyFiles>;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'chaperone-certificate-'));
  const make = (prefix: string) => ({
    ed25519: makeKey(directory, `${prefix}-ed25519`),
    'ecdsa-256': makeKey(directory, `${prefix}-ecdsa-256`, 'ecdsa-256'),
    'ecdsa-384': makeKey(directory, `${prefix}-ecdsa-384`, 'ecdsa-384'),
    'rsa-2048': makeKey(directory, `${prefix}-rsa`, 'rsa-2048'),
  });
  keys = make('key');
  cas = make('ca');
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const read = (file: string): Certificate => parseCertificateLine(readFileSync(file, 'utf8'));
const signerOfFile = ({ file }: KeyFiles) => signerFromKeyFile(readFileSync(file, 'utf8'));
const believed = (certificate: Certificate, ca: KeyFiles) =>
  checkCertificate(certificate, {
    cas: [parsePublicLine(ca.publicLine)],
    now: new Date(),
    kind: 'user',
    principals: ['technician'],
    address: null,
    revoked: () => null,
  }).believed;

/** Which of the lines ssh-keygen takes for certificates with a good signature, by their place. */
function takenBySshKeygen(lines: readonly string[]): ReadonlySet<number> {
  const file = join(directory, 'many');
  writeFileSync(file, `${lines.join('\n')}\n`);
  let printed: string;
  try {
    printed = sshKeygen(['-L', '-f', file]);
  } catch {
    return new Set();
  }
  const places = [...printed.matchAll(/^\S*many:(\d+)?:?$/gm)];
  return new Set(places.map(([, line]) => Number(line ?? 1) - 1));
}

describeWith('ssh-keygen', 'a certificate made by ssh-keygen', () => {
  it('reads as ssh-keygen shows it', () => {
    const certificate = read(
      certify(cas.ed25519, keys.ed25519, {
        as: 'shown',
        keyId: 'Dana Reyes',
        serial: 4711,
        principals: 'technician,lead',
        validity: '20260101000000Z:20270101000000Z',
        options: [
          'clear',
          'extension:phone@chaperone=+1 555 0100',
          'extension:org@chaperone=Clinic IT',
          'extension:title@chaperone=Field Engineer',
          'source-address=192.0.2.0/24',
        ],
      }),
    );
    expect(certificate).toMatchObject({
      type: 'ssh-ed25519-cert-v01@openssh.com',
      serial: 4711n,
      kind: 'user',
      keyId: 'Dana Reyes',
      principals: ['technician', 'lead'],
      validAfter: BigInt(Date.UTC(2026, 0, 1) / 1000),
      validBefore: BigInt(Date.UTC(2027, 0, 1) / 1000),
      caFingerprint: parsePublicLine(cas.ed25519.publicLine).fingerprint,
    });
    expect([...certificate.criticalOptions.keys()]).toEqual(['source-address']);
    expect(badgeOf(certificate)).toEqual({
      name: 'Dana Reyes',
      phone: '+1 555 0100',
      organisation: 'Clinic IT',
      title: 'Field Engineer',
    });
    expect(certificate.key.blob.equals(parsePublicLine(keys.ed25519.publicLine).blob)).toBe(true);
  });

  it.each(TYPES.flatMap((ca) => TYPES.map((key) => [ca, key] as const)))('is believed: CA %s, key %s', (ca, key) => {
    const certificate = read(certify(cas[ca], keys[key], { as: `${ca}-for-${key}` }));
    expect(believed(certificate, cas[ca])).toBe(true);
    expect(believed(certificate, cas[ca === 'ed25519' ? 'rsa-2048' : 'ed25519'])).toBe(false);
  });

  it('without an end, and without a name', () => {
    const certificate = read(
      certify(cas.ed25519, keys.ed25519, { as: 'forever', validity: 'always:forever', keyId: '' }),
    );
    expect(certificate).toMatchObject({ validAfter: 0n, validBefore: FOREVER, keyId: '' });
    expect(() => badgeOf(certificate)).toThrow(WireError);
  });

  it('cannot drive a screen by what it says', () => {
    const certificate = read(
      certify(cas.ed25519, keys.ed25519, {
        as: 'screen',
        keyId: 'Dana\u001b]0;title\u0007 \u202eReyes\n',
        options: [`extension:phone@chaperone=${'5'.repeat(300)}\u001b[2J`],
      }),
    );
    expect(badgeOf(certificate)).toMatchObject({ name: 'Dana Reyes', phone: `${'5'.repeat(39)}…` });
  });

  it('has a badge only when our extensions are text as ssh-keygen writes it', async () => {
    const raw = {
      ...read(certify(cas.ed25519, keys.ed25519)),
      extensions: new Map([['phone@chaperone', Buffer.from('555')]]),
    };
    expect(() => badgeOf(raw)).toThrow(WireError);
  });
});

describeWith('ssh-keygen', 'a certificate made by us', () => {
  it('has the same bytes as the one by ssh-keygen with the same words', async () => {
    for (const host of [false, true]) {
      const theirs = read(
        certify(cas.ed25519, keys.ed25519, {
          as: host ? 'machine' : 'person',
          host,
          options: host
            ? []
            : ['extension:phone@chaperone=+1 555 0100', 'extension:flag@example', 'force-command=/bin/true'],
        }),
      );
      const ours = await issueCertificate(theirs, signerOfFile(cas.ed25519), theirs.nonce);
      expect(ours.blob.equals(theirs.blob)).toBe(true);
    }
  });

  it.each(TYPES)('is shown by ssh-keygen -L: CA and key %s', async (type) => {
    const certificate = await issueCertificate(
      {
        key: parsePublicLine(keys[type].publicLine),
        serial: 18_446_744_073_709_551_615n,
        kind: 'user',
        keyId: 'Zoë',
        principals: ['technician'],
        validAfter: 0n,
        validBefore: FOREVER,
        criticalOptions: new Map(),
        extensions: new Map([['phone@chaperone', optionData('+1 555 0100')]]),
      },
      signerOfFile(cas[type]),
    );
    const file = join(directory, `ours-${type}-cert.pub`);
    writeFileSync(file, `${formatCertificateLine(certificate, 'a comment')}\n`);
    const shown = sshKeygen(['-L', '-f', file]);
    expect(shown).toContain('Serial: 18446744073709551615');
    expect(shown).toContain('Valid: forever');
    expect(shown).toContain('phone@chaperone');
    expect(believed(read(file), cas[type])).toBe(true);
  });
});

describeWith('ssh-keygen', 'a certificate that somebody tampered with', () => {
  it.each(TYPES)('is not believed with any byte flipped once, as by ssh-keygen: CA and key %s', (type) => {
    const good = read(certify(cas[type], keys[type], { as: `flipped-${type}` }));
    const mutants = [...good.blob.keys()].map((index) => {
      const blob = Buffer.from(good.blob);
      blob[index] = (blob[index] ?? 0) ^ (1 << (index % 8));
      return blob;
    });
    const lines = mutants.map((blob) => `${good.type} ${blob.toString('base64')}`);
    expect(takenBySshKeygen([`${good.type} ${good.blob.toString('base64')}`])).toEqual(new Set([0]));
    expect(takenBySshKeygen(lines)).toEqual(new Set());
    expect(lines.filter((line) => isBelieved(line, cas[type]))).toEqual([]);
  });

  it('is not believed cut off or with something behind it', () => {
    const good = read(certify(cas.ed25519, keys.ed25519));
    for (let length = 0; length < good.blob.length; length += 1) {
      expect(() => parseCertificate(good.blob.subarray(0, length))).toThrow(WireError);
    }
    expect(() => parseCertificate(Buffer.concat([good.blob, Buffer.of(0)]))).toThrow(WireError);
  });

  it('never crashes the reader, whatever the bytes', () => {
    const good = read(certify(cas.ed25519, keys.ed25519));
    fc.assert(
      fc.property(fc.nat(good.blob.length - 1), fc.uint8Array({ maxLength: 40 }), (at, bytes) => {
        const spliced = Buffer.concat([good.blob.subarray(0, at), bytes, good.blob.subarray(at)]);
        const line = `${good.type} ${spliced.toString('base64')}`;
        expect(isBelieved(line, cas.ed25519)).toBe(bytes.length === 0);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
        expect(() => parseCertificate(bytes)).toThrow(WireError);
      }),
    );
  });
});

function isBelieved(line: string, ca: KeyFiles): boolean {
  try {
    return believed(parseCertificateLine(line), ca);
  } catch (error) {
    expect(error).toBeInstanceOf(WireError);
    return false;
  }
}
