// Each thing that can be wrong with a certificate has a reason of its own, and one thing is enough.

import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { makeKey, sshKeygenAgrees } from '../../test/harness/certificate-authority.ts';
import { describeWith } from '../../test/requires.ts';
import { type CertificateFields, FOREVER, issueCertificate, optionData } from './certificate.ts';
import { type CertificateRules, checkCertificate } from './check-certificate.ts';
import { publicKeyOf } from './public-key.ts';
import { signerOf } from './signature.ts';

const CA = signerOf(generateKeyPairSync('ed25519').privateKey);
const OTHER_CA = signerOf(generateKeyPairSync('ed25519').privateKey);
const KEY = publicKeyOf(generateKeyPairSync('ed25519').publicKey);
const NOW = new Date('2026-06-01T12:00:00Z');
const seconds = (instant: string) => BigInt(Date.parse(instant) / 1000);

const FIELDS: CertificateFields = {
  key: KEY,
  serial: 7n,
  kind: 'user',
  keyId: 'Dana Reyes',
  principals: ['technician', 'lead', 'visitor'],
  validAfter: seconds('2026-06-01T11:00:00Z'),
  validBefore: seconds('2026-06-01T13:00:00Z'),
  criticalOptions: new Map(),
  extensions: new Map(),
};
const RULES: CertificateRules = {
  cas: [OTHER_CA.publicKey, CA.publicKey],
  now: NOW,
  kind: 'user',
  principals: ['lead', 'technician', 'auditor'],
  address: '192.0.2.7',
  revoked: () => null,
};

async function verdict(fields: Partial<CertificateFields>, rules: Partial<CertificateRules> = {}) {
  return checkCertificate(await issueCertificate({ ...FIELDS, ...fields }, CA), { ...RULES, ...rules });
}

describe('a certificate is believed', () => {
  it('with the roles that are known here, and no others', async () => {
    expect(await verdict({})).toMatchObject({ believed: true, principals: ['technician', 'lead'], ca: CA.publicKey });
  });

  it('from its first second to its last', async () => {
    expect(await verdict({ validAfter: seconds('2026-06-01T12:00:00Z') })).toMatchObject({ believed: true });
    expect(await verdict({ validBefore: seconds('2026-06-01T12:00:01Z') })).toMatchObject({ believed: true });
    expect(await verdict({ validAfter: 0n, validBefore: FOREVER })).toMatchObject({ believed: true });
  });

  it('from an IPv4 address that a socket for both families reports', async () => {
    const criticalOptions = new Map([['source-address', optionData('192.0.2.0/24')]]);
    expect(await verdict({ criticalOptions }, { address: '::ffff:192.0.2.7' })).toMatchObject({ believed: true });
  });

  it.each(['192.0.2.7', '192.0.2.0/24', '198.51.100.1,192.0.2.0/28', '2001:db8::/32,192.0.2.7/32'])(
    'from an address of its list: %s',
    async (list) => {
      expect(await verdict({ criticalOptions: new Map([['source-address', optionData(list)]]) })).toMatchObject({
        believed: true,
      });
    },
  );
});

describe('a certificate is refused', () => {
  const option = (name: string, data: Buffer) => ({ criticalOptions: new Map([[name, data]]) });

  it.each<[string, Partial<CertificateFields>, Partial<CertificateRules>, RegExp]>([
    ['wrong-ca', {}, { cas: [OTHER_CA.publicKey] }, /^signed by SHA256:/],
    ['wrong-ca', {}, { cas: [] }, /not an authority/],
    ['wrong-kind', { kind: 'host' }, {}, /host certificate/],
    ['wrong-kind', {}, { kind: 'host' }, /user certificate/],
    [
      'revoked',
      {},
      { revoked: ({ serial }) => ({ reason: 'revoked', detail: `serial ${serial} is on the list` }) },
      /serial 7/,
    ],
    [
      'not-yet-valid',
      { validAfter: seconds('2026-06-01T12:00:01Z') },
      {},
      /12:00:01Z, and the clock here shows 2026-06-01T12:00:00Z/,
    ],
    ['expired', { validBefore: seconds('2026-06-01T12:00:00Z') }, {}, /12:00:00Z, and the clock/],
    ['expired', { validAfter: 0n, validBefore: 0n }, {}, /1970/],
    ['not-yet-valid', { validAfter: FOREVER, validBefore: FOREVER }, {}, /no end/],
    ['not-yet-valid', { validAfter: FOREVER - 1n }, {}, /far future/],
    ['unknown-critical-option', option('force-command', optionData('/bin/true')), {}, /"force-command"/],
    ['unknown-critical-option', option('verify-required', Buffer.alloc(0)), {}, /"verify-required"/],
    ['unknown-critical-option', option('', Buffer.alloc(0)), {}, /""/],
    ['wrong-address', option('source-address', optionData('198.51.100.0/24')), {}, /from 192.0.2.7/],
    ['wrong-address', option('source-address', optionData('192.0.2.7')), { address: null }, /unknown address/],
    ['wrong-address', option('source-address', optionData('::/0')), {}, /from 192.0.2.7/],
    ['malformed', option('source-address', optionData('192.0.2.0/33')), {}, /source-address/],
    ['malformed', option('source-address', optionData('')), {}, /source-address/],
    ['malformed', option('source-address', optionData('192.0.2.7/24')), {}, /source-address/],
    ['malformed', option('source-address', optionData('192.0.2.0/24,2001:db8::1/32')), {}, /source-address/],
    ['malformed', option('source-address', Buffer.from('192.0.2.7')), {}, /source-address/],
    ['wrong-principal', { principals: ['visitor'] }, {}, /"visitor"/],
    ['wrong-principal', { principals: [] }, {}, /nobody in particular/],
    ['wrong-principal', {}, { principals: [] }, /"technician"/],
  ])('as %s', async (reason, fields, rules, detail) => {
    expect(await verdict(fields, rules)).toEqual({ believed: false, reason, detail: expect.stringMatching(detail) });
  });

  it('when its signature is of something else, or by someone else in the name of the authority', async () => {
    const certificate = await issueCertificate(FIELDS, CA);
    const other = await issueCertificate({ ...FIELDS, serial: 8n }, CA);
    const forged = await issueCertificate(FIELDS, {
      publicKey: CA.publicKey,
      sign: (message) => OTHER_CA.sign(message),
    });
    for (const wrong of [{ ...certificate, signature: other.signature }, forged]) {
      expect(checkCertificate(wrong, RULES)).toMatchObject({ believed: false, reason: 'bad-signature' });
    }
  });

  it('with a detail that cannot drive a screen', async () => {
    const result = await verdict({ principals: ['\u001b[2J\u202etechnician'] });
    expect(result).toMatchObject({ reason: 'wrong-principal' });
    expect(String(Object.values(result))).not.toMatch(/[\u0000-\u001f\u202e]/);
  });
});

describeWith(['ssh-keygen'], 'a list of addresses', () => {
  const directory = mkdtempSync(join(tmpdir(), 'chaperone-addresses-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('is one where stock ssh-keygen takes it', async () => {
    const [ca, key] = [makeKey(directory, 'ca'), makeKey(directory, 'id')];
    const lists = ['10.0.0.5', '10.0.0.5/32', '10.0.0.0/8', '10.0.0.5/8', '10.0.0.1/0', '0.0.0.0/0', '10.0.0.0/33'];
    const more = [
      '2001:db8::/32',
      '2001:db8::1/32',
      '::1/128',
      '::1/127',
      '::/0',
      '1:2:3:4:5:6:7:8/125',
      '::ffff:10.0.0.0/104',
    ];
    for (const list of [...lists, ...more, '10.0.0.1,', '10.0.0.1, 10.0.0.2', 'fe80::1%eth0']) {
      const file = ['-q', '-s', ca.file, '-I', 'x', '-n', 'u', '-O', `source-address=${list}`, key.publicFile];
      const result = await verdict({ criticalOptions: new Map([['source-address', optionData(list)]]) });
      const read = result.believed || result.reason !== 'malformed';
      expect([list, read]).toEqual([list, sshKeygenAgrees(file)]);
    }
  });
});

describe('the validity of a certificate', () => {
  it('is what its numbers say, whatever they are', async () => {
    const instant = fc.bigInt(0n, FOREVER);
    await fc.assert(
      fc.asyncProperty(instant, instant, fc.date({ min: new Date(0), noInvalidDate: true }), async (from, to, now) => {
        const at = BigInt(Math.floor(now.getTime() / 1000));
        const result = await verdict({ validAfter: from, validBefore: to }, { now });
        expect(result.believed).toBe(from <= at && at < to);
      }),
    );
  });
});
