// What a proposed command is before anyone is asked: a program with its arguments, or a line that only a shell can run.
// What is shown is what runs: a command that cannot be shown as it is, is no proposal.

import { createHash } from 'node:crypto';
import { ChaperoneError } from '../../protocol/errors.ts';
import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';

export const COMMAND_MAX = 1000; // characters; a person is to read all of it
const ARGUMENTS_MAX = 64;
const SHELL = '/bin/sh';

/** Unquoted, these mean something to a shell; so do `$`, a backtick and a backslash inside double quotes. */
const META = /[|&;<>()$`*?[\]{}~#!\\]/;
const ASSIGNMENT = /^[A-Za-z_][A-Za-z0-9_]*=/;

export interface ParsedCommand {
  /** `program`: no shell sees it. `shell`: `/bin/sh -c`, with all that a shell can do. */
  readonly how: 'program' | 'shell';
  readonly argv: readonly string[];
  /** As the person reads it: one line, nothing left out. */
  readonly shown: string;
  /** Names exactly this command: an approval that names another one does not count. */
  readonly digest: string;
}

/** It cannot be proposed. */
export class BadCommand extends ChaperoneError {}

/** @throws BadCommand */
export function parseCommand(text: string): ParsedCommand {
  if (text.length > COMMAND_MAX) {
    throw new BadCommand(`the command is too long (at most ${COMMAND_MAX} characters)`, {
      hint: 'propose it in steps',
    });
  }
  const line = text.trim();
  if (line === '') {
    throw new BadCommand('there is no command');
  }
  if (line !== sanitiseLine(line, COMMAND_MAX)) {
    throw new BadCommand('the command holds characters that cannot be shown as they are', {
      hint: 'one line, without control or direction characters',
    });
  }
  const words = splitWords(line);
  if (words !== null && words.length > ARGUMENTS_MAX) {
    throw new BadCommand(`the command has more than ${ARGUMENTS_MAX} words`);
  }
  const program = words?.[0];
  if (
    words === null ||
    program === undefined ||
    program === '' ||
    ASSIGNMENT.test(program) ||
    words.some((word) => word.includes("'") && /["$`\\!]/.test(word)) // no way to show its bounds
  ) {
    return finish('shell', [SHELL, '-c', line], line);
  }
  return finish('program', words, words.map(quoted).join(' '));
}

function finish(how: ParsedCommand['how'], argv: readonly string[], shown: string): ParsedCommand {
  const digest = createHash('sha256').update(JSON.stringify({ how, argv })).digest('hex');
  return { how, argv, shown, digest };
}

/** The words of a line that needs no shell, or null when it does or is unfinished. */
function splitWords(line: string): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at] ?? '';
    if (character === ' ') {
      if (word !== null) words.push(word);
      word = null;
    } else if (character === "'" || character === '"') {
      const end = line.indexOf(character, at + 1);
      if (end < 0) return null;
      const inside = line.slice(at + 1, end);
      if (character === '"' && /[$`\\!]/.test(inside)) return null;
      word = (word ?? '') + inside;
      at = end;
    } else if (META.test(character)) {
      return null;
    } else {
      word = (word ?? '') + character;
    }
  }
  if (word !== null) words.push(word);
  return words;
}

/** A word as a shell would read it back, so that its bounds can be seen. */
function quoted(word: string): string {
  if (/^[\p{L}\p{N}_@%+=:,./-]+$/u.test(word)) return word;
  return word.includes("'") ? `"${word}"` : `'${word}'`;
}
