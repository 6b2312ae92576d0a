// Lists of what was taken back: ours, and OpenSSH's own, which must say the same as ssh-keygen -Q.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  certify,
  type KeyFiles,
  makeKey,
  sshKeygen,
  sshKeygenAgrees,
} from '../../test/harness/certificate-authority.ts';
import { describeWith } from '../../test/requires.ts';
import { type Certificate, parseCertificateLine } from './certificate.ts';
import { isKrl, parseKrl } from './krl.ts';
import { signerFromKeyFile } from './private-key.ts';
import { parsePublicLine } from './public-key.ts';
import { formatRevocationText, parseRevocationText } from './revocation-text.ts';
import { whyRevoked } from './revoked.ts';
import { openRevocations } from './signed-revocations.ts';
import { WireError } from './ssh-wire.ts';
import { signSshsig } from './sshsig.ts';

const HEAD = 'chaperone/revocations/v1\nsequence 1\n';
const CA = Buffer.from('any authority');

describe('a text list', () => {
  it('reads as it was written', () => {
    const entries = {
      sequence: 7n,
      issued: new Date('2026-06-01T12:00:00Z'),
      serials: [
        { first: 4711n, last: 4711n },
        { first: 5000n, last: 5099n },
      ],
      fingerprints: [`SHA256:${'A'.repeat(43)}`],
    };
    const list = parseRevocationText(formatRevocationText(entries), CA);
    expect(list).toMatchObject({ sequence: 7n, issued: BigInt(Date.UTC(2026, 5, 1, 12) / 1000) });
    expect(list.certificates).toMatchObject([{ ca: CA, serials: entries.serials }]);
    expect([...list.fingerprints]).toEqual(entries.fingerprints);
  });

  it('may hold comments and blank lines', () => {
    const list = parseRevocationText(`${HEAD}\n# stolen laptop\nserial 5 # Dana\r\n`, CA);
    expect(list.certificates[0]?.serials).toEqual([{ first: 5n, last: 5n }]);
  });

  it.each([
    ['', 'first line'],
    ['chaperone/revocations/v2\nsequence 1\n', 'first line'],
    ['chaperone/revocations/v1\nserial 1\n', 'no line "sequence"'],
    [`${HEAD}sequence 2\n`, 'line 3'],
    [`${HEAD}serial 9-3\n`, 'line 3'],
    [`${HEAD}serial -1\n`, 'line 3'],
    [`${HEAD}serial 18446744073709551616\n`, 'line 3'],
    [`${HEAD}serial\n`, 'line 3'],
    [`${HEAD}serial 1 2\n`, 'line 3'],
    [`${HEAD}\nkey MD5:aa\n`, 'line 4'],
    [`${HEAD}issued yesterday\n`, 'line 3'],
    [`${HEAD}revoke everything\n`, 'line 3'],
  ])('%j is refused and the line named', (text, words) => {
    expect(() => parseRevocationText(text, CA)).toThrow(words);
  });

  it('never crashes the reader', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        try {
          parseRevocationText(HEAD + text, CA);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
    );
  });
});

describeWith('ssh-keygen', "OpenSSH's own list", () => {
  let directory: string;
  let ca: KeyFiles;
  let otherCa: KeyFiles;
  let key: KeyFiles;
  let otherKey: KeyFiles;
  let count = 0;
  const all: { readonly file: string; readonly certificate: Certificate }[] = [];

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'chaperone-krl-'));
    [ca, otherCa] = [makeKey(directory, 'ca'), makeKey(directory, 'other-ca')];
    [key, otherKey] = [makeKey(directory, 'key'), makeKey(directory, 'other-key')];
    for (const [signer, of, serial, keyId] of [
      [ca, key, 1, 'Dana'],
      [ca, key, 2, 'Dana'],
      [ca, otherKey, 500, 'Robin'],
      [ca, otherKey, 1003, 'Robin'],
      [ca, otherKey, 70_000, 'Kim'],
      [otherCa, otherKey, 1, 'Dana'],
    ] as const) {
      const file = certify(signer, of, { serial, keyId, as: `all-${all.length}` });
      all.push({ file, certificate: parseCertificateLine(readFileSync(file, 'utf8')) });
    }
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  function krlOf(spec: string, args: readonly string[] = []): string {
    count += 1;
    const [file, from] = [join(directory, `krl-${count}`), join(directory, `spec-${count}`)];
    writeFileSync(from, spec);
    sshKeygen(['-q', '-k', '-f', file, '-s', ca.publicFile, '-z', '7', ...args, from]);
    return file;
  }

  /** Certificates that a KRL takes back, by ssh-keygen's word. */
  const byKeygen = (krl: string) => all.filter(({ file }) => !sshKeygenAgrees(['-Q', '-f', krl, file]));

  it.each([
    ['one serial', 'serial: 2\n', 1],
    ['a range', 'serial: 1-500\n', 3],
    [
      'many serials, which make a bitmap',
      Array.from({ length: 40 }, (_, n) => `serial: ${1000 + n * 3}\n`).join(''),
      1,
    ],
    ['serials far apart, which make a list', 'serial: 1\nserial: 70000\nserial: 18446744073709551615\n', 2],
    ['a name', 'id: Dana\n', 2],
    ['a key by its fingerprint', '', 4],
    ['a key itself', '', 4],
    ['a key by SHA-1', '', 4],
    ['nothing', '', 0],
  ])('takes back what ssh-keygen says: %s', (name, spec, expected) => {
    const other = parsePublicLine(otherKey.publicLine);
    const text =
      name === 'a key by its fingerprint'
        ? `hash: ${other.fingerprint}\n`
        : name === 'a key itself'
          ? otherKey.publicLine
          : name === 'a key by SHA-1'
            ? `sha1: ${otherKey.publicLine}\n`
            : spec;
    const file = krlOf(text);
    const list = parseKrl(readFileSync(file));
    expect(list.sequence).toBe(7n);
    const ours = all.filter(({ certificate }) => whyRevoked(list, certificate.key, certificate) !== null);
    expect(ours).toHaveLength(expected);
    expect(ours).toEqual(byKeygen(file));
  });

  it('that takes back an authority takes back all of its certificates', () => {
    const file = krlOf(ca.publicLine);
    const list = parseKrl(readFileSync(file));
    const ours = all.filter(({ certificate }) => whyRevoked(list, certificate.key, certificate) !== null);
    expect(ours).toHaveLength(5);
    expect(ours).toEqual(byKeygen(file));
  });

  it('is read only whole and undamaged', () => {
    const bytes = readFileSync(krlOf('serial: 1-500\nserial: 70000\nid: Dana\n'));
    expect(isKrl(bytes)).toBe(true);
    const read = (part: Uint8Array) => {
      try {
        return parseKrl(part);
      } catch (error) {
        expect(error).toBeInstanceOf(WireError);
        return null;
      }
    };
    for (const index of bytes.keys()) {
      const mutant = Buffer.from(bytes);
      mutant[index] = (mutant[index] ?? 0) ^ 1;
      read(mutant);
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (tail) => void read(Buffer.concat([bytes.subarray(0, 44), tail]))),
    );
    expect(read(Buffer.concat([bytes, Buffer.of(9, 0, 0, 0, 0)]))).toBeNull();
    expect(read(bytes.subarray(0, -1))).toBeNull();
  });

  it('is believed when an authority signed it, as a text list is', async () => {
    const signer = signerFromKeyFile(readFileSync(ca.file, 'utf8'));
    const stranger = signerFromKeyFile(readFileSync(otherCa.file, 'utf8'));
    const cas = [parsePublicLine(ca.publicLine)];
    for (const bytes of [readFileSync(krlOf('serial: 2\n')), Buffer.from(`${HEAD}serial 2\n`)]) {
      const signature = await signSshsig(bytes, 'revocation@chaperone', signer);
      const { list, signer: found } = openRevocations(bytes, signature, cas);
      expect(found.fingerprint).toBe(signer.publicKey.fingerprint);
      const taken = all.filter(({ certificate }) => whyRevoked(list, certificate.key, certificate) !== null);
      expect(taken.map(({ certificate }) => certificate.serial)).toEqual([2n]);
      for (const wrong of [
        await signSshsig(bytes, 'revocation@chaperone', stranger),
        await signSshsig(bytes, 'policy@chaperone', signer),
        await signSshsig(Buffer.concat([bytes, Buffer.of(10)]), 'revocation@chaperone', signer),
        '',
      ]) {
        expect(() => openRevocations(bytes, wrong, cas)).toThrow('signature');
      }
    }
  });
});
