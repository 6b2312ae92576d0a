import { beforeAll, describe, expect, it } from 'vitest';
import { type Certificate, type CertificateFields, issueCertificate } from '../../protocol/identity/certificate.ts';
import { signerFromKeyFile } from '../../protocol/identity/private-key.ts';
import { formatPublicLine } from '../../protocol/identity/public-key.ts';
import { newSshKey } from '../../protocol/ssh-keygen.ts';
import { findHost, parseKnownHosts } from '../known-hosts/known-hosts.ts';
import { type HostCertificateFacts, judgeHostCertificate } from './host-certificate.ts';

const ID = '482913077';
const NOW = new Date('2026-11-22T12:00:00Z');
const SECONDS = BigInt(NOW.getTime() / 1000);

const newSigner = () => signerFromKeyFile(newSshKey('test').privateKey);
const ca = newSigner();
const machine = newSigner().publicKey;
const TRUST = `@cert-authority * ${formatPublicLine(ca.publicKey)}\n`;

function make(fields: Partial<CertificateFields> = {}, signer = ca): Promise<Certificate> {
  return issueCertificate(
    {
      key: machine,
      serial: 1n,
      kind: 'host',
      keyId: 'front-desk-2',
      principals: [ID],
      validAfter: SECONDS - 60n,
      validBefore: SECONDS + 60n,
      criticalOptions: new Map(),
      extensions: new Map(),
      ...fields,
    },
    signer,
  );
}

let good: Certificate;
beforeAll(async () => {
  good = await make();
});

function judge({ known = TRUST, ...more }: Partial<HostCertificateFacts> & { readonly known?: string }) {
  const lines = parseKnownHosts(known, 'known_hosts');
  const names = [more.connectionId ?? null, ID, '[192.0.2.7]:2200'].filter((name) => name !== null);
  const facts = {
    key: machine.blob,
    connectionId: ID,
    certificate: good,
    now: NOW,
    authorities: findHost(lines, names),
  };
  return judgeHostCertificate({ ...facts, ...more });
}

describe('the certificate of a machine', () => {
  it('proves its connection ID, also where only the address was known', () => {
    expect(judge({})).toBe(ID);
    expect(judge({ connectionId: null })).toBe(ID);
    expect(judge({ known: TRUST.replace('*', '4829*') })).toBe(ID);
  });

  it('says nothing when nobody whom the technician trusts has signed it', async () => {
    expect(judge({ known: '' })).toBeNull();
    expect(judge({ known: TRUST.replace('*', '*.clinic.example') })).toBeNull();
    expect(judge({ known: TRUST.replace('@cert-authority ', '') })).toBeNull();
    expect(judge({ certificate: await make({}, newSigner()) })).toBeNull();
    expect(judge({ certificate: null })).toBeNull();
  });

  it.each([
    ['another machine', { principals: ['735004124'] }, 'does not name 482 913 077'],
    ['nobody in particular', { principals: [] }, 'does not name'],
    ['a time that is over', { validBefore: SECONDS }, 'has run out'],
    ['a time to come', { validAfter: SECONDS + 1n }, 'not valid yet'],
    ['a technician', { kind: 'user' }, 'is not good'],
    ['another key', { key: newSigner().publicKey }, 'another key'],
    ['something that is not understood', { criticalOptions: new Map([['new', Buffer.of()]]) }, 'is not good'],
  ] as const)('is refused when it is for %s', async (_what, fields, words) => {
    const certificate = await make(fields);
    expect(() => judge({ certificate })).toThrow(
      expect.objectContaining({ exitCode: 5, message: expect.stringContaining(words) }),
    );
  });

  it('is refused when it was changed, and when its authority is marked as revoked', () => {
    const bent = { ...good, signed: Buffer.concat([good.signed, Buffer.of(0)]) };
    expect(() => judge({ certificate: bent })).toThrow('is not good');
    expect(() => judge({ known: `${TRUST}${TRUST.replace('cert-authority', 'revoked')}` })).toThrow(
      'must not be trusted',
    );
  });
});
