// Whether a certificate is believed, and if not, why not: one reason of its own for each thing that can be wrong. Pure.

import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { sanitiseLine } from '../terminal/sanitise.ts';
import { type Certificate, type CertificateKind, FOREVER, optionText } from './certificate.ts';
import type { CertificateRefusal } from './certificate-refusal.ts';
import type { SshPublicKey } from './public-key.ts';
import { signatureHolds } from './signature.ts';
import { WireError } from './ssh-wire.ts';

const DETAIL_MAX = 300; // characters; as a line of the audit log

export interface CertificateRules {
  /** The authorities that are believed. */
  readonly cas: readonly SshPublicKey[];
  readonly now: Date;
  /** `user` for technicians, `host` for machines. */
  readonly kind: CertificateKind;
  /** Names or roles that mean something here. One that the certificate carries is enough. */
  readonly principals: readonly string[];
  /** Where the connection comes from (IP address), for the option `source-address`; null when it is not known. */
  readonly address: string | null;
  /** Whether the authority took it back, as far as the lists say. */
  readonly revoked: (certificate: Certificate) => RevocationVerdict | null;
}

/** `revocations-unknown`: there should be a list, and none can be believed. */
export interface RevocationVerdict {
  readonly reason: 'revoked' | 'revocations-unknown';
  /** One line for the log. */
  readonly detail: string;
}

export type CertificateVerdict =
  | {
      readonly believed: true;
      readonly certificate: Certificate;
      /** Those of {@link CertificateRules.principals} that it carries, in the certificate's order. */
      readonly principals: readonly string[];
      readonly ca: SshPublicKey;
    }
  | {
      readonly believed: false;
      readonly reason: CertificateRefusal;
      /** For the log: one line, as precise as it can be. Texts of the certificate stand in it as JSON. */
      readonly detail: string;
    };

/**
 * Judges by everything but the proof that the other side holds the key, which is the caller's.
 *
 * What only the authority can have written is looked at after its signature was checked.
 */
export function checkCertificate(certificate: Certificate, rules: CertificateRules): CertificateVerdict {
  const ca = rules.cas.find(({ blob }) => blob.equals(certificate.caBlob));
  if (ca === undefined) {
    return refused('wrong-ca', `signed by ${certificate.caFingerprint}, which is not an authority here`);
  }
  if (!signatureHolds(ca, certificate.signed, certificate.signature)) {
    return refused('bad-signature', `the signature is not one of ${ca.fingerprint}`);
  }
  if (certificate.kind !== rules.kind) {
    return refused('wrong-kind', `it is a ${certificate.kind} certificate, not a ${rules.kind} certificate`);
  }
  const revoked = rules.revoked(certificate);
  if (revoked !== null) {
    return refused(revoked.reason, revoked.detail);
  }
  const now = BigInt(Math.floor(rules.now.getTime() / 1000));
  if (now < certificate.validAfter) {
    return refused('not-yet-valid', `valid from ${formatInstant(certificate.validAfter)}, and ${clock(rules.now)}`);
  }
  if (now >= certificate.validBefore) {
    return refused('expired', `valid until ${formatInstant(certificate.validBefore)}, and ${clock(rules.now)}`);
  }
  const option = checkCriticalOptions(certificate, rules.address);
  if (option !== null) {
    return option;
  }
  const principals = certificate.principals.filter((principal) => rules.principals.includes(principal));
  if (principals.length === 0) {
    const named = certificate.principals.map((principal) => JSON.stringify(principal)).join(', ');
    return refused('wrong-principal', `it is for ${named || 'nobody in particular'}`);
  }
  return { believed: true, certificate, principals: [...new Set(principals)], ca };
}

function refused(reason: CertificateRefusal, detail: string): Extract<CertificateVerdict, { believed: false }> {
  return { believed: false, reason, detail: sanitiseLine(detail, DETAIL_MAX) };
}

function clock(now: Date): string {
  return `the clock here shows ${now.toISOString().slice(0, 19)}Z`;
}

/** UTC, to the second; words for no end and for years that no calendar has. */
export function formatInstant(seconds: bigint): string {
  if (seconds === FOREVER) return 'no end';
  const date = new Date(Number(seconds) * 1000);
  return Number.isNaN(date.getTime()) ? 'a far future' : `${date.toISOString().slice(0, -5)}Z`;
}

/** `source-address` is kept; every other critical option is one that this program could only ignore. */
function checkCriticalOptions(certificate: Certificate, address: string | null) {
  for (const [name, data] of certificate.criticalOptions) {
    if (name !== 'source-address') {
      return refused('unknown-critical-option', `its critical option ${JSON.stringify(name)} cannot be kept here`);
    }
    let list: string;
    try {
      list = optionText(data);
    } catch (error) {
      if (error instanceof WireError) return refused('malformed', 'its source-address cannot be read');
      throw error;
    }
    const allowed = addressesOf(list);
    if (allowed === null) {
      return refused('malformed', 'its source-address cannot be read');
    }
    if (address === null || !isInside(allowed, address)) {
      return refused('wrong-address', `it is for ${list}, and was used from ${address ?? 'an unknown address'}`);
    }
  }
  return null;
}

type Family = 'ipv4' | 'ipv6';

function familyOf(address: string): Family | null {
  return isIPv4(address) ? 'ipv4' : isIPv6(address) ? 'ipv6' : null;
}

/** A list of addresses and networks: `192.0.2.7,198.51.100.0/24,2001:db8::/32`; null when it cannot be read. */
function addressesOf(list: string): Record<Family, BlockList> | null {
  // One list for each family: in a common one, `::/0` would hold every IPv4 address as well.
  const allowed = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const entry of list.split(',')) {
    const [, network = '', , bits] = /^([0-9a-f.:]{2,45})(\/(\d{1,3}))?$/i.exec(entry) ?? [];
    const family = familyOf(network);
    const width = family === 'ipv4' ? 32 : 128;
    const prefix = bits === undefined ? width : Number(bits);
    if (family === null || prefix > width || hasHostBits(network, family, width - prefix)) return null;
    allowed[family].addSubnet(network, prefix, family);
  }
  return allowed;
}

/** `10.0.0.5/8`: network or address? OpenSSH takes no such entry ("inconsistent mask length"), and neither is it guessed here. */
function hasHostBits(network: string, family: Family, hostBits: number): boolean {
  const mask = (1n << BigInt(hostBits)) - 1n;
  return (numberOf(network, family) & mask) !== 0n;
}

function numberOf(address: string, family: Family): bigint {
  if (family === 'ipv4')
    return BigInt(
      `0x${address
        .split('.')
        .map((part) => Number(part).toString(16).padStart(2, '0'))
        .join('')}`,
    );
  const plain = new URL(`http://[${address}]`).hostname.slice(1, -1); // without an IPv4 address at its end
  const [head = [], tail = []] = plain.split('::').map((half) => half.split(':').filter((group) => group !== ''));
  const groups = [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail];
  return BigInt(`0x${groups.map((group) => group.padStart(4, '0')).join('')}`);
}

/** An IPv4 address may come in its IPv6 dress, where a socket serves both. */
const MAPPED = /^::ffff:(?=\d+\.)/i;

function isInside(allowed: Record<Family, BlockList>, address: string): boolean {
  const plain = address.replace(MAPPED, '');
  const family = familyOf(plain);
  return family !== null && allowed[family].check(plain, family);
}
