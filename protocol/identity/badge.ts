// What a technician's certificate says about the person, cleaned for screens: name, and the three extensions of ours.

import { sanitiseLine } from '../terminal/sanitise.ts';
import { type Certificate, optionText } from './certificate.ts';
import { WireError } from './ssh-wire.ts';

export const BADGE_EXTENSIONS = { phone: 'phone@chaperone', organisation: 'org@chaperone', title: 'title@chaperone' };

const NAME_MAX = 80; // characters; as TechnicianIdentity
const PHONE_MAX = 40; // characters
const RAW_MAX = 1024; // characters looked at before cleaning

export interface Badge {
  /** The key ID. Never empty: a certificate without one has no name to show. */
  readonly name: string;
  readonly phone: string | null;
  readonly organisation: string | null;
  readonly title: string | null;
}

/** @throws WireError when the name is missing, or an extension of ours is not text as ssh-keygen writes it */
export function badgeOf(certificate: Certificate): Badge {
  const name = clean(certificate.keyId, NAME_MAX);
  if (name === null) {
    throw new WireError('the certificate names nobody: its key ID is empty');
  }
  const text = (extension: string, max: number): string | null => {
    const data = certificate.extensions.get(extension);
    return data === undefined ? null : clean(optionText(data), max);
  };
  return {
    name,
    phone: text(BADGE_EXTENSIONS.phone, PHONE_MAX),
    organisation: text(BADGE_EXTENSIONS.organisation, NAME_MAX),
    title: text(BADGE_EXTENSIONS.title, NAME_MAX),
  };
}

function clean(text: string, max: number): string | null {
  return sanitiseLine(sanitiseLine(text, RAW_MAX).trim(), max).trim() || null;
}
