// What is said inside SSH keyboard-interactive (RFC 4256): prompts that a person can answer in plain ssh, and
// status lines that `chaperone` parses.

import { z } from 'zod';
import { SCOPES, Scope } from './scopes.ts';

export const CODE_PROMPT = 'One-time code: ';
/** Asked before the code, and only of a technician whose return after a restart the person has allowed. */
export const LEASE_PROMPT = 'Return after the restart: ';
export const REASON_PROMPT = 'Reason: ';
export const TICKET_PROMPT = 'Ticket: ';
export const SCOPES_PROMPT = 'Permissions (for example: diagnostics shell): ';

/** The `name` field of an information request that carries a {@link ConversationStatus} and no prompts. */
export const STATUS_NAME = 'chaperone-status';

/** A permission that the machine's policy does not give to this technician, and why: a clause for their screen. */
export const NotGiven = z.strictObject({ scope: Scope, why: z.string().max(300) });
export type NotGiven = z.infer<typeof NotGiven>;

/**
 * Where a request stands, from the machine to the technician's program. `message` is always a full sentence; a
 * plain ssh client is shown that alone.
 */
export const ConversationStatus = z.strictObject({
  v: z.literal(1),
  state: z.enum(['welcome', 'wrong-code', 'refused', 'waiting', 'displayed', 'granted', 'denied', 'expired', 'ended']),
  message: z.string().max(500),
  machine: z.strictObject({ id: z.string().max(9), name: z.string().max(64), hipaa: z.boolean() }),
  /** Attempts left with this code, when the state is `wrong-code`. */
  attemptsLeft: z.int().min(0).max(3).optional(),
  /** Until when the local user may answer. */
  until: z.iso.datetime().optional(),
  /** The machine's clock when it said this: `until` is by that clock, and clocks differ. */
  now: z.iso.datetime().optional(),
  /** Machine-readable reason of a refusal. */
  code: z.string().max(40).optional(),
  /** In `welcome` all that the policy does not give; while the person is awaited, what of the request they are not asked. */
  notGiven: z.array(NotGiven).max(SCOPES.length).readonly().optional(),
});
export type ConversationStatus = z.infer<typeof ConversationStatus>;
