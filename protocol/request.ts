// Who asks for a session, why and for what: the part that a technician writes and the part that the machine vouches for.

import { z } from 'zod';
import { ScopeList } from './scopes.ts';
import { sanitiseLine } from './terminal/sanitise.ts';

const REASON_MAX = 300; // characters; fits the prompt of a 60×15 terminal
const TICKET_MAX = 64; // characters; long enough for any ticket system's key

/** One line of outside text: trimmed, free of controls, within `max` characters. */
export function plainLine(max: number, what: string) {
  return z
    .string()
    .max(max * 4, `${what} is too long (at most ${max} characters)`)
    .transform((text) => sanitiseLine(text, max * 4).trim())
    .pipe(z.string().min(1, `${what} is missing`).max(max, `${what} is too long (at most ${max} characters)`));
}

/** What the technician writes: mandatory reason and ticket, and the scopes asked for. */
export const TechnicianRequest = z.strictObject({
  reason: plainLine(REASON_MAX, 'the reason'),
  ticket: plainLine(TICKET_MAX, 'the ticket'),
  scopes: ScopeList,
});
export type TechnicianRequest = z.infer<typeof TechnicianRequest>;

/** Who the machine found the technician to be. `verifiedBy` says whether a signature of the organisation stands behind it. */
export const TechnicianIdentity = z.strictObject({
  name: plainLine(80, 'the name'),
  role: plainLine(40, 'the role'),
  /** Null when the certificate names none. */
  phone: plainLine(40, 'the phone number').nullable(),
  organisation: plainLine(80, 'the organisation').nullable(),
  /** OpenSSH form, `SHA256:…`. */
  keyFingerprint: z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/),
  /** How the machine knows: `listed` = key written in its own policy; no organisation vouches for the name. */
  verifiedBy: z.enum(['listed', 'certificate']),
  /** What the organisation signed, when `verifiedBy` is `certificate`. */
  certificate: z
    .strictObject({
      serial: z.string().regex(/^\d{1,20}$/),
      /** Fingerprint of the authority that signed it. */
      ca: z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/),
      /** All roles in it that mean something on this machine; `role` is the first. */
      roles: z.array(plainLine(40, 'the role')).min(1).max(32),
      title: plainLine(80, 'the title').nullable(),
      /** Null when it has no end. */
      validUntil: z.iso.datetime().nullable(),
    })
    .optional(),
});
export type TechnicianIdentity = z.infer<typeof TechnicianIdentity>;

/** All roles of a technician. */
export function rolesOf({ role, certificate }: TechnicianIdentity): readonly string[] {
  return certificate?.roles ?? [role];
}
