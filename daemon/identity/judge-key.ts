// Who is behind a public key or a certificate that a technician's program shows: pure, from what the policy says.

import { type Badge, badgeOf } from '../../protocol/identity/badge.ts';
import { type Certificate, FOREVER, isCertificateType, parseCertificate } from '../../protocol/identity/certificate.ts';
import { type CertificateRefusal, refusalWords } from '../../protocol/identity/certificate-refusal.ts';
import {
  type CertificateVerdict,
  checkCertificate,
  type RevocationVerdict,
} from '../../protocol/identity/check-certificate.ts';
import type { SshPublicKey } from '../../protocol/identity/public-key.ts';
import { WireError } from '../../protocol/identity/ssh-wire.ts';
import type { TechnicianIdentity } from '../../protocol/request.ts';
import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';
import type { ListedTechnician, Policy } from '../policy/policy.ts';

const NAME_MAX = 200; // characters of a name that is logged without being believed
const LATEST_MS = 8.64e15; // the last instant that a Date can hold

/** What the organisation may have taken back: a key, and the certificate that it came with. */
export interface Credential {
  readonly key: SshPublicKey;
  /** Null for a key that the policy lists. */
  readonly certificate: Certificate | null;
}

export interface KeyFacts {
  readonly policy: Pick<Policy, 'technicians' | 'organisation' | 'scopes'>;
  readonly now: Date;
  /** IP address of the technician's program. */
  readonly address: string;
  readonly revoked: (credential: Credential) => RevocationVerdict | null;
}

/** For the log, and for the technician. */
export interface RefusedKey {
  readonly reason: CertificateRefusal;
  readonly detail: string;
  /** What the certificate says, believed or not. */
  readonly name: string;
  readonly serial: string;
  /** Fingerprints; empty when they cannot be read. */
  readonly key: string;
  readonly ca: string;
}

export type KeyVerdict =
  /** Nobody that this machine has heard of. */
  | { readonly kind: 'unknown' }
  /** It cannot even be read, so nothing can be proven by it. */
  | { readonly kind: 'unreadable'; readonly refused: RefusedKey }
  /** To be told only to who proves that the key is theirs. */
  | { readonly kind: 'refused'; readonly credential: Credential; readonly refused: RefusedKey }
  | { readonly kind: 'technician'; readonly credential: Credential; readonly technician: TechnicianIdentity };

/** @param algorithm as the program names it; @param blob the key or certificate */
export function judgeKey(algorithm: string, blob: Buffer, facts: KeyFacts): KeyVerdict {
  return isCertificateType(algorithm) ? judgeCertificate(blob, facts) : judgeListed(blob, facts);
}

/** What the technician is told. */
export function wordsFor({ reason, detail }: RefusedKey): string {
  return refusalWords(reason, detail);
}

function judgeListed(blob: Buffer, facts: KeyFacts): KeyVerdict {
  const listed = facts.policy.technicians.find((technician) => technician.key.blob.equals(blob));
  if (listed === undefined) return { kind: 'unknown' };
  const credential = { key: listed.key, certificate: null };
  const revoked = facts.revoked(credential);
  if (revoked?.reason === 'revoked') {
    return { kind: 'refused', credential, refused: refusedListed(listed.name, credential, revoked) };
  }
  return { kind: 'technician', credential, technician: listedIdentity(listed) };
}

/** A listed key as `name` showed it. */
export function refusedListed(
  name: string,
  { key }: Credential,
  { reason, detail }: Pick<RefusedKey, 'reason' | 'detail'>,
): RefusedKey {
  return { reason, detail, name, serial: '', key: key.fingerprint, ca: '' };
}

function listedIdentity({ name, role, phone, organisation, key }: ListedTechnician): TechnicianIdentity {
  return { name, role, phone, organisation, keyFingerprint: key.fingerprint, verifiedBy: 'listed' };
}

function judgeCertificate(blob: Buffer, facts: KeyFacts): KeyVerdict {
  let certificate: Certificate;
  try {
    certificate = parseCertificate(blob);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    const refused: RefusedKey = { reason: 'malformed', detail: error.message, name: '', serial: '', key: '', ca: '' };
    return { kind: 'unreadable', refused };
  }
  const credential = { key: certificate.key, certificate };
  const verdict = checkCertificate(certificate, {
    cas: facts.policy.organisation.cas,
    now: facts.now,
    kind: 'user',
    principals: Object.keys(facts.policy.scopes),
    address: facts.address,
    revoked: () => facts.revoked(credential),
  });
  if (!verdict.believed) return { kind: 'refused', credential, refused: refusedCertificate(certificate, verdict) };
  try {
    const technician = certifiedIdentity(verdict, badgeOf(certificate), facts.policy.organisation.name);
    return { kind: 'technician', credential, technician };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    const refused = refusedCertificate(certificate, { reason: 'malformed', detail: error.message });
    return { kind: 'refused', credential, refused };
  }
}

function refusedCertificate(
  { keyId, serial, key, caFingerprint }: Certificate,
  { reason, detail }: Pick<RefusedKey, 'reason' | 'detail'>,
): RefusedKey {
  const name = sanitiseLine(keyId, NAME_MAX);
  return { reason, detail, name, serial: String(serial), key: key.fingerprint, ca: caFingerprint };
}

function certifiedIdentity(
  { certificate, principals, ca }: Extract<CertificateVerdict, { believed: true }>,
  badge: Badge,
  organisation: string | null,
): TechnicianIdentity {
  const [role = ''] = principals;
  return {
    name: badge.name,
    role,
    phone: badge.phone,
    organisation: badge.organisation ?? organisation,
    keyFingerprint: certificate.key.fingerprint,
    verifiedBy: 'certificate',
    certificate: {
      serial: String(certificate.serial),
      ca: ca.fingerprint,
      roles: [...principals],
      title: badge.title,
      validUntil: validUntil(certificate),
    },
  };
}

function validUntil({ validBefore }: Certificate): string | null {
  const ms = Number(validBefore) * 1000;
  return validBefore === FOREVER || ms > LATEST_MS ? null : new Date(ms).toISOString();
}
