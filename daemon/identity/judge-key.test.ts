// What a certificate or a listed key makes of somebody.

import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { EVENT_FIELDS } from '../../protocol/audit/catalogue.ts';
import { type CertificateFields, FOREVER, issueCertificate, optionData } from '../../protocol/identity/certificate.ts';
import { CERTIFICATE_REFUSALS, refusalWords } from '../../protocol/identity/certificate-refusal.ts';
import { publicKeyOf } from '../../protocol/identity/public-key.ts';
import { signerOf } from '../../protocol/identity/signature.ts';
import { TechnicianIdentity } from '../../protocol/request.ts';
import { judgeKey, type KeyFacts } from './judge-key.ts';

const CA = signerOf(generateKeyPairSync('ed25519').privateKey);
const KEY = publicKeyOf(generateKeyPairSync('ed25519').publicKey);
const CERTIFICATE = 'ssh-ed25519-cert-v01@openssh.com';
const NOW = new Date('2026-06-01T12:00:00Z');

const FACTS: KeyFacts = {
  policy: {
    technicians: [
      {
        name: 'Robin Lee',
        phone: '+1 555 0100',
        role: 'lead',
        organisation: null,
        key: { ...KEY, type: 'ssh-ed25519' },
      },
    ],
    organisation: { name: 'The Clinic', cas: [CA.publicKey], revocations: [] },
    scopes: { technician: ['diagnostics'], lead: ['shell'] },
  },
  now: NOW,
  address: '192.0.2.7',
  revoked: () => null,
};

async function judged(fields: Partial<CertificateFields>, facts: Partial<KeyFacts> = {}) {
  const certificate = await issueCertificate(
    {
      key: KEY,
      serial: 7n,
      kind: 'user',
      keyId: 'Dana Reyes',
      principals: ['lead', 'visitor', 'technician'],
      validAfter: 0n,
      validBefore: BigInt(NOW.getTime() / 1000 + 3600),
      criticalOptions: new Map(),
      extensions: new Map([['phone@chaperone', optionData('+1 555 0177')]]),
      ...fields,
    },
    CA,
  );
  return judgeKey(CERTIFICATE, certificate.blob, { ...FACTS, ...facts });
}

describe('a certificate', () => {
  it('says who it is, with all roles that mean something here', async () => {
    const verdict = await judged({});
    expect(verdict).toMatchObject({
      kind: 'technician',
      technician: {
        name: 'Dana Reyes',
        role: 'lead',
        phone: '+1 555 0177',
        organisation: 'The Clinic',
        keyFingerprint: KEY.fingerprint,
        verifiedBy: 'certificate',
        certificate: {
          serial: '7',
          ca: CA.publicKey.fingerprint,
          roles: ['lead', 'technician'],
          title: null,
          validUntil: '2026-06-01T13:00:00.000Z',
        },
      },
    });
  });

  it.each([FOREVER, 9_000_000_000_000n])('without an end that a calendar knows (%s) has none', async (validBefore) => {
    const verdict = await judged({ validBefore });
    expect(verdict.kind === 'technician' && verdict.technician.certificate?.validUntil).toBeNull();
  });

  it('makes an identity that log, grant and receipt can hold, whatever is written in it', async () => {
    const wild = `\u001b[31m\u202e${'W'.repeat(600)}`;
    const extensions = new Map(
      ['phone@chaperone', 'org@chaperone', 'title@chaperone'].map((name) => [name, optionData(wild)]),
    );
    const verdict = await judged({ keyId: wild, extensions });
    if (verdict.kind !== 'technician') expect.fail(verdict.kind);
    expect(TechnicianIdentity.parse(verdict.technician)).toEqual(verdict.technician);
  });

  it('is refused without a name, or when its number is not written as ssh-keygen writes it', async () => {
    for (const fields of [{ keyId: ' ' }, { extensions: new Map([['phone@chaperone', Buffer.from('555')]]) }]) {
      expect(await judged(fields)).toMatchObject({ kind: 'refused', refused: { reason: 'malformed', serial: '7' } });
    }
  });

  it('is refused when it was taken back, or nobody knows', async () => {
    for (const reason of ['revoked', 'revocations-unknown'] as const) {
      const verdict = await judged({}, { revoked: () => ({ reason, detail: 'why' }) });
      expect(verdict).toMatchObject({ kind: 'refused', refused: { reason, detail: 'why', name: 'Dana Reyes' } });
    }
  });

  it('that cannot be read is said to be so', () => {
    expect(judgeKey(CERTIFICATE, Buffer.from('rubbish'), FACTS)).toMatchObject({ kind: 'unreadable' });
  });
});

describe('a key that the policy lists', () => {
  it('is known, and marked as verified by nobody', () => {
    const verdict = judgeKey('ssh-ed25519', KEY.blob, FACTS);
    expect(verdict).toMatchObject({ kind: 'technician', technician: { name: 'Robin Lee', verifiedBy: 'listed' } });
    expect(verdict.kind === 'technician' && verdict.technician.certificate).toBeUndefined();
  });

  it('is refused when it was taken back, and served while no list can be read', () => {
    const revoked = (reason: 'revoked' | 'revocations-unknown') =>
      judgeKey('ssh-ed25519', KEY.blob, {
        ...FACTS,
        revoked: () => Object.assign({ reason, detail: 'why' }, { file: 'x' }),
      });
    const verdict = revoked('revoked');
    if (verdict.kind !== 'refused') expect.fail(verdict.kind);
    const event = { ...verdict.refused, address: '192.0.2.7:1', suppressed: 0 };
    expect(EVENT_FIELDS['technician.refused'].parse(event)).toMatchObject({ reason: 'revoked', name: 'Robin Lee' });
    expect(revoked('revocations-unknown')).toMatchObject({ kind: 'technician' });
  });

  it('is nobody when it is not listed', () => {
    expect(judgeKey('ssh-ed25519', CA.publicKey.blob, FACTS)).toEqual({ kind: 'unknown' });
  });
});

describe('what a refused technician reads', () => {
  it('is one short sentence or two, for each reason another', () => {
    const sentences = CERTIFICATE_REFUSALS.map((reason) => refusalWords(reason, 'DETAIL'));
    expect(new Set(sentences).size).toBe(CERTIFICATE_REFUSALS.length);
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].{20,200}\.$/);
  });

  it('fits into a status, however long the reason', () => {
    for (const reason of CERTIFICATE_REFUSALS) {
      expect(refusalWords(reason, 'x'.repeat(300)).length).toBeLessThanOrEqual(500);
    }
  });
});
