// How the local user is asked: one interface, and adapters behind it that hold no power of their own.

import { z } from 'zod';
import { MachineIdentity } from '../../protocol/grant.ts';
import { TechnicianIdentity } from '../../protocol/request.ts';
import { Scope } from '../../protocol/scopes.ts';
import type { CommandAnswer, CommandQuestion } from './command-question.ts';

/** All that a prompt shows; every string is already one safe line. */
export const PromptQuestion = z.strictObject({
  /** Of this question; an answer that names another one is ignored. */
  id: z.uuid(),
  machine: MachineIdentity,
  technician: TechnicianIdentity,
  address: z.string().max(64),
  reason: z.string().max(300),
  ticket: z.string().max(64),
  /** Least powerful first; only what policy lets this technician ask for. */
  offered: z
    .array(z.strictObject({ scope: Scope, title: z.string(), allows: z.string(), preTicked: z.boolean() }))
    .min(1)
    .max(16),
  /** Longest length of the session in ms. */
  limitMs: z.int().positive(),
  recorded: z.strictObject({ output: z.boolean(), input: z.boolean() }),
  /** What the person should know before answering, one sentence each. */
  notices: z.array(z.string().max(300)).max(20),
  /** The session that is open already and in which this asks for more; absent when it asks for a session. */
  during: z.strictObject({ startedAt: z.iso.datetime(), scopes: z.array(Scope).max(16) }).optional(),
  /** When the question expires. */
  until: z.iso.datetime(),
  /** Allow counts only this long after the prompt appeared, in ms. */
  armsAfterMs: z.int().min(0),
});
export type PromptQuestion = z.infer<typeof PromptQuestion>;

export const PromptAnswer = z.discriminatedUnion('allow', [
  z.strictObject({ allow: z.literal(true), scopes: z.array(Scope).min(1).max(16) }),
  z.strictObject({ allow: z.literal(false), reason: z.string().max(200).optional() }),
]);
export type PromptAnswer = z.infer<typeof PromptAnswer>;

export interface AskOptions {
  /** Aborted when the question is withdrawn or its time is over: the prompt disappears. */
  readonly signal: AbortSignal;
  /** To be called once the question is on screen. What it returns resolves when who asks counts the time from then on. */
  readonly onDisplayed: () => void | Promise<void>;
}

/**
 * Shows one question at a time. `ask` rejects when it cannot show it or loses its screen: the daemon takes that as
 * "no one could be asked". The daemon keeps its own clock and checks every answer.
 */
export interface Prompter {
  /** For the audit log, such as `terminal /dev/pts/3`. */
  readonly name: string;
  ask(question: PromptQuestion, options: AskOptions): Promise<PromptAnswer>;
  /** The same for a proposed command. Absent: this prompter cannot show one, and another one is looked for. */
  review?(question: CommandQuestion, options: AskOptions): Promise<CommandAnswer>;
}
