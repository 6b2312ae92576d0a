// What a script on macOS or Windows prints: one line when its window is there, one with the answer. All else is no.

import { z } from 'zod';
import type { PromptAnswer, PromptQuestion } from '../../consent/prompter.ts';

const Line = z.discriminatedUnion('event', [
  z.strictObject({ event: z.literal('shown') }),
  z.strictObject({ event: z.literal('allow'), ticked: z.array(z.int().min(0)).max(16) }),
  z.strictObject({ event: z.literal('deny') }),
]);
export type ScriptLine = z.infer<typeof Line>;

/** The line, or null when it is none of these. */
export function readLine(line: string): ScriptLine | null {
  try {
    return Line.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

/** The answer that a line means; null for one that is no answer. */
export function answerOf(line: ScriptLine, question: PromptQuestion): PromptAnswer | null {
  if (line.event === 'shown') return null;
  if (line.event === 'deny') return { allow: false };
  const ticked = new Set(line.ticked);
  const scopes = question.offered.filter((_, index) => ticked.has(index)).map(({ scope }) => scope);
  return ticked.size === scopes.length && scopes.length > 0 ? { allow: true, scopes } : { allow: false };
}
