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

/** Who the machine found the technician to be. `verified` says whether a signature of the organisation stands behind it. */
export const TechnicianIdentity = z.strictObject({
  name: plainLine(80, 'the name'),
  role: plainLine(40, 'the role'),
  phone: plainLine(40, 'the phone number'),
  organisation: plainLine(80, 'the organisation').nullable(),
  /** OpenSSH form, `SHA256:…`. */
  keyFingerprint: z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/),
  /** How the machine knows: `listed` = key written in its own policy. */
  verifiedBy: z.enum(['listed', 'certificate']),
});
export type TechnicianIdentity = z.infer<typeof TechnicianIdentity>;
