// A suggested command in sentences, and its risk in words that need no colour.

import type { CommandQuestion } from '../consent/command-question.ts';
import type { Meaning } from '../terminal/line.ts';
import { lengthInWords, whoIs } from './words.ts';

export const RISK_WORDS: Readonly<Record<CommandQuestion['risk'], { readonly words: string; readonly as: Meaning }>> = {
  reads: { words: '✓ It only looks at things. The technician sees what it shows.', as: 'good' },
  unknown: { words: '? Nobody can say here what it does. Ask, or say no.', as: 'warning' },
  changes: { words: '! It can change something on this computer.', as: 'warning' },
  dangerous: { words: '! DANGEROUS: it can destroy, take over or send away things.', as: 'danger' },
};

/** What "similar ones" are for this command, which may be the command itself and nothing else; null when not offered. */
export function similarInWords({ similar, command }: CommandQuestion): { choice: string; covers: string } | null {
  if (similar === null) return null;
  return similar === command
    ? { choice: 'Run it, also when asked again', covers: 'Also when asked again: this very command, no other.' }
    : { choice: 'Run it, and similar ones', covers: `Similar ones: ${similar}` };
}

export function commandSentences(question: CommandQuestion): string[] {
  const { technician, command, risk, touches, notices, edited, limitMs, until } = question;
  const similar = similarInWords(question);
  return [
    edited ? 'QUESTION. Run the command as you changed it?' : 'QUESTION. A command is suggested.',
    `Who: ${whoIs(technician)}.`,
    `What for: ${question.reason}`,
    `The command: ${command}`,
    RISK_WORDS[risk].words,
    ...touches,
    ...notices.map((notice) => `Please note: ${notice}`),
    ...(similar === null ? [] : [similar.covers]),
    `It is stopped after ${lengthInWords(limitMs)}.`,
    `You have ${lengthInWords(Date.parse(until) - Date.now())} to answer. No answer means no.`,
  ];
}
