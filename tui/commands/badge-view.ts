// A technician's certificate for people and programs: who vouches for whom, as what, until when.

import { badgeOf } from '../../protocol/identity/badge.ts';
import type { Certificate } from '../../protocol/identity/certificate.ts';
import { formatInstant } from '../../protocol/identity/check-certificate.ts';
import { WireError } from '../../protocol/identity/ssh-wire.ts';
import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';

const ROLE_MAX = 40; // characters; longer principals are no roles of ours
const SOON_MS = 14 * 24 * 3_600_000; // an administrator needs some days to sign anew

export interface BadgeView {
  readonly name: string;
  readonly title: string | null;
  readonly organisation: string | null;
  readonly phone: string | null;
  readonly roles: readonly string[];
  readonly serial: string;
  readonly ca: string;
  readonly validFrom: string;
  readonly validUntil: string;
  readonly state: 'valid' | 'ends-soon' | 'expired' | 'not-yet-valid' | 'names-nobody';
}

export function badgeView(certificate: Certificate, now: Date): BadgeView {
  const { principals, serial, caFingerprint, validAfter, validBefore } = certificate;
  const badge = readBadge(certificate);
  return {
    name: badge?.name ?? '',
    title: badge?.title ?? null,
    organisation: badge?.organisation ?? null,
    phone: badge?.phone ?? null,
    roles: principals.map((principal) => sanitiseLine(principal, ROLE_MAX)),
    serial: String(serial),
    ca: caFingerprint,
    validFrom: formatInstant(validAfter),
    validUntil: formatInstant(validBefore),
    state: badge === null ? 'names-nobody' : stateOf(certificate, now),
  };
}

export function badgeLines(certificate: Certificate, now: Date): string[] {
  const { name, title, organisation, phone, roles, serial, ca, validFrom, validUntil, state } = badgeView(
    certificate,
    now,
  );
  const who = [name, title, organisation, phone].filter((part) => part !== null && part !== '').join(', ');
  const words: Record<BadgeView['state'], string> = {
    valid: '',
    'ends-soon': '  ask for a new one now: it ends soon',
    expired: '  IT HAS RUN OUT: machines refuse it; ask for a new one',
    'not-yet-valid': '  IT IS NOT VALID YET: is the clock of this computer right?',
    'names-nobody': '  IT NAMES NOBODY: machines refuse it; ask for another',
  };
  return [
    `certificate ${serial}: ${who}`,
    `roles ${roles.join(', ') || 'none'}, signed by ${ca}`,
    `valid from ${validFrom} until ${validUntil}${words[state]}`,
  ];
}

function readBadge(certificate: Certificate) {
  try {
    return badgeOf(certificate);
  } catch (error) {
    if (error instanceof WireError) {
      return null;
    }
    throw error;
  }
}

function stateOf({ validAfter, validBefore }: Certificate, now: Date): BadgeView['state'] {
  const seconds = BigInt(Math.floor(now.getTime() / 1000));
  if (seconds < validAfter) {
    return 'not-yet-valid';
  }
  if (seconds >= validBefore) {
    return 'expired';
  }
  return validBefore - seconds < BigInt(SOON_MS / 1000) ? 'ends-soon' : 'valid';
}
