// What the local user allowed: scopes and limits, signed by the machine before a session starts.

import { z } from 'zod';
import { TechnicianIdentity } from './request.ts';
import { Scope } from './scopes.ts';

const Instant = z.iso.datetime();

export const MachineIdentity = z.strictObject({
  id: z.string().regex(/^[1-9]\d{8}$/),
  name: z.string().min(1).max(64),
  hipaa: z.boolean(),
});
export type MachineIdentity = z.infer<typeof MachineIdentity>;

export const Grant = z.strictObject({
  v: z.literal(1),
  session: z.uuid(),
  machine: MachineIdentity,
  technician: TechnicianIdentity,
  reason: z.string().max(300),
  ticket: z.string().max(64),
  /** What was asked, and what of it the local user, policy and role allow. */
  asked: z.array(Scope).max(16),
  scopes: z.array(Scope).max(16),
  grantedAt: Instant,
  /** The session ends at this instant whatever happens. */
  expiresAt: Instant,
  recorded: z.strictObject({ output: z.boolean(), input: z.boolean() }),
  /** How the session's processes are held: `namespace` ends all that descends from the shell, `tree` is best effort. */
  containment: z.enum(['namespace', 'tree']),
  /** Whether the shell is walled off from the rest of the machine. */
  sandboxed: z.boolean(),
});
export type Grant = z.infer<typeof Grant>;
