// A proposed command as the local user is asked about it, and what they can answer.

import { z } from 'zod';
import { MachineIdentity } from '../../protocol/grant.ts';
import { TechnicianIdentity } from '../../protocol/request.ts';
import { COMMAND_MAX } from '../guided/parse-command.ts';

const Digest = z.string().regex(/^[0-9a-f]{64}$/);

/** All that is shown; every string is already one safe line. */
export const CommandQuestion = z.strictObject({
  id: z.uuid(),
  machine: MachineIdentity,
  technician: TechnicianIdentity,
  /** What the technician says it is for. */
  reason: z.string().max(300),
  /** The command as it will run. All of it must be on screen before the question counts as displayed. */
  command: z
    .string()
    .min(1)
    .max(COMMAND_MAX * 3),
  /** `shell`: a line for `/bin/sh`, which can do more than it looks. */
  how: z.enum(['program', 'shell']),
  risk: z.enum(['reads', 'changes', 'dangerous', 'unknown']),
  /** What it would touch, one sentence each. */
  touches: z.array(z.string().max(300)).max(20),
  /** Names exactly this command; an approval repeats it. */
  digest: Digest,
  /** What else would run unasked if similar commands were approved too; null when that is not offered. */
  similar: z
    .string()
    .max(COMMAND_MAX * 3)
    .nullable(),
  /** The person changed the technician's command and is asked about the changed one. */
  edited: z.boolean(),
  /** It is ended after this long, in ms. */
  limitMs: z.int().positive(),
  notices: z.array(z.string().max(300)).max(20),
  until: z.iso.datetime(),
  armsAfterMs: z.int().min(0),
});
export type CommandQuestion = z.infer<typeof CommandQuestion>;

export const CommandAnswer = z.discriminatedUnion('answer', [
  z.strictObject({ answer: z.literal('approve'), digest: Digest, similar: z.boolean() }),
  /** The person's own version; they are asked about it once more before it runs. */
  z.strictObject({ answer: z.literal('edit'), command: z.string().min(1).max(COMMAND_MAX) }),
  z.strictObject({ answer: z.literal('decline'), reason: z.string().max(200).optional() }),
]);
export type CommandAnswer = z.infer<typeof CommandAnswer>;
