// Signs a technician's key or a machine's request: recorded in the ledger first, then handed out.

import { takeTurn } from '../../protocol/directory-turn.ts';
import { BADGE_EXTENSIONS } from '../../protocol/identity/badge.ts';
import {
  type CertificateFields,
  formatCertificateLine,
  issueCertificate,
  optionData,
} from '../../protocol/identity/certificate.ts';
import type { SshPublicKey } from '../../protocol/identity/public-key.ts';
import type { SshSigner } from '../../protocol/identity/signature.ts';
import type { Authority } from './authority.ts';
import { CannotSign } from './errors.ts';
import { appendLedger, Issued, nextSerial, othersFor } from './ledger.ts';

const BACKDATE_MS = 5 * 60_000; // clocks of machines may be behind
const ROLE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/; // as roles stand in policies
const TEXT = /^[^\p{C}\p{Zl}\p{Zp}]{1,80}$/u; // one line that a prompt can show

export interface TechnicianWishes {
  readonly name: string;
  readonly phone: string | null;
  readonly organisation: string | null;
  readonly title: string | null;
  readonly roles: readonly string[];
}

export interface MachineWishes {
  readonly name: string;
  /** Nine digits. */
  readonly connectionId: string;
}

export type Subject = ({ readonly kind: 'user' } & TechnicianWishes) | ({ readonly kind: 'host' } & MachineWishes);

export interface Validity {
  readonly from: Date;
  readonly forMs: number;
}

/** From shortly before `now`, for `forMs`. */
export function fromNow(now: Date, forMs: number): Validity {
  return { from: new Date(now.getTime() - BACKDATE_MS), forMs: forMs + BACKDATE_MS };
}

/** @returns what was written to the ledger, with the certificate. @throws CannotSign */
export async function issue(
  authority: Authority,
  signer: SshSigner,
  key: SshPublicKey,
  subject: Subject,
  validity: Validity,
): Promise<Issued> {
  check(key, signer, subject);
  await using _ = await takeTurn(authority.directory);
  const entries = authority.entries();
  const other = subject.kind === 'host' ? othersFor(entries, subject.connectionId, key.fingerprint, new Date()) : null;
  if (other !== null) {
    throw new CannotSign(
      `certificate ${other.serial} already says that another key is machine ${other.principals.join(', ')}`,
      `if that key is gone, take it back first: chaperone-hub ca revoke ${other.serial}`,
    );
  }
  const serial = nextSerial(entries);
  const validAfter = Math.floor(validity.from.getTime() / 1000);
  const validBefore = Math.floor((validity.from.getTime() + validity.forMs) / 1000);
  const fields: CertificateFields = {
    key,
    serial,
    kind: subject.kind,
    keyId: subject.name,
    principals: subject.kind === 'user' ? subject.roles : [subject.connectionId],
    validAfter: BigInt(validAfter),
    validBefore: BigInt(validBefore),
    criticalOptions: new Map(),
    extensions: subject.kind === 'user' ? extensionsOf(subject) : new Map(),
  };
  const certificate = await issueCertificate(fields, signer);
  const issued = Issued.parse({
    v: 1,
    event: 'issued',
    at: new Date().toISOString(),
    serial: String(serial),
    kind: subject.kind,
    keyId: fields.keyId,
    principals: [...fields.principals],
    key: key.fingerprint,
    validAfter: new Date(validAfter * 1000).toISOString(),
    validBefore: new Date(validBefore * 1000).toISOString(),
    certificate: formatCertificateLine(certificate, `chaperone-${serial}`),
  });
  appendLedger(authority.ledgerFile, issued);
  return issued;
}

function check(key: SshPublicKey, signer: SshSigner, subject: Subject): void {
  if (key.blob.equals(signer.publicKey.blob)) {
    throw new CannotSign('this is the key of the authority itself', "name the technician's or the machine's .pub file");
  }
  const texts =
    subject.kind === 'user' ? [subject.name, subject.phone, subject.organisation, subject.title] : [subject.name];
  const bad = texts.find((text) => text !== null && !TEXT.test(text));
  if (bad !== undefined) {
    throw new CannotSign(`${JSON.stringify(bad)} cannot stand in a certificate`, 'one line of 1 to 80 characters');
  }
  if (subject.kind === 'user') {
    const role = subject.roles.find((candidate) => !ROLE.test(candidate));
    if (role !== undefined || subject.roles.length === 0) {
      throw new CannotSign(
        role === undefined ? 'a technician needs a role' : `${JSON.stringify(role)} is not a role`,
        'roles are words that stand under `scopes` in policies, such as technician or lead',
      );
    }
  } else if (key.type !== 'ssh-ed25519') {
    throw new CannotSign(
      `a machine has an Ed25519 key, not one of the kind ${key.type}`,
      'use what chaperoned enrol wrote',
    );
  }
}

function extensionsOf({ phone, organisation, title }: TechnicianWishes): Map<string, Buffer> {
  const given = [
    [BADGE_EXTENSIONS.phone, phone],
    [BADGE_EXTENSIONS.organisation, organisation],
    [BADGE_EXTENSIONS.title, title],
  ] as const;
  return new Map(given.flatMap(([name, text]) => (text === null ? [] : [[name, optionData(text)] as const])));
}
