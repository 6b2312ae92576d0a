// The code that the local user reads out and the technician types, `27-harbor-violet`: it joins the two for one session.

import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import { CODE_WORDS } from './code-words.ts';
import { ChaperoneError, EXIT } from './errors.ts';
import { nearest } from './nearest-word.ts';

/** 10 to 99: always two digits, so that nobody wonders about a leading zero. */
const FIRST_NUMBER = 10;
const AFTER_LAST_NUMBER = 100;

/** How many codes there are: 90 × 512 × 512 ≈ 2^24.5. With three tries a code, guessing is hopeless. */
export const CODE_COUNT = (AFTER_LAST_NUMBER - FIRST_NUMBER) * CODE_WORDS.length ** 2;

const MAX_INPUT = 64; // characters
const EXAMPLE = '27-harbor-violet';

const WORDS: ReadonlySet<string> = new Set(CODE_WORDS);

/** The text cannot be a one-time code, of any machine. Whether it is the right one is another question. */
export class OneTimeCodeError extends ChaperoneError {
  constructor(message: string, hint: string) {
    super(message, { hint, exitCode: EXIT.usage });
  }
}

/** A new code, each equally likely. */
export function newOneTimeCode(): string {
  return `${randomInt(FIRST_NUMBER, AFTER_LAST_NUMBER)}-${randomWord()}-${randomWord()}`;
}

function randomWord(): string {
  return CODE_WORDS[randomInt(CODE_WORDS.length)] ?? '';
}

/**
 * Canonical form of what a person typed: any case; spaces, hyphens, commas, dots, underscores or nothing between.
 *
 * @throws {OneTimeCodeError} with a hint; it names a near word where one comes to mind
 */
export function parseOneTimeCode(text: string): string {
  const bare = text
    .slice(0, MAX_INPUT)
    .toLowerCase()
    .replace(/[\s.,;:_\u2010-\u2015-]+/gu, ' ')
    .trim();
  const parts = /^([0-9]+) ?([a-z]+)(?: ([a-z]+))?$/.exec(bare);
  if (text.length > MAX_INPUT || parts === null) throw malformed();
  const [, number = '', first = '', second] = parts;
  if (!/^[1-9][0-9]$/.test(number)) {
    throw new OneTimeCodeError('this is not a one-time code', `it starts with a number of two digits, like ${EXAMPLE}`);
  }
  const words = second === undefined ? splitWords(first) : [first, second];
  const wrong = words.find((word) => !WORDS.has(word));
  if (wrong !== undefined) throw unknownWord(wrong);
  return [number, ...words].join('-');
}

/** Compares in a time that tells nothing about where two codes differ. Both in canonical form. */
export function sameCode(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(code: string): Buffer {
  return createHash('sha256').update(code).digest();
}

/** `harborviolet`: no word begins another, so there is at most one place to cut. */
function splitWords(run: string): string[] {
  const first = CODE_WORDS.find((word) => run.startsWith(word));
  if (first === undefined || first === run) throw malformed();
  return [first, run.slice(first.length)];
}

function malformed(): OneTimeCodeError {
  return new OneTimeCodeError('this is not a one-time code', `it is a number and two words, like ${EXAMPLE}`);
}

function unknownWord(word: string): OneTimeCodeError {
  const meant = nearest(word, CODE_WORDS);
  return new OneTimeCodeError(
    `no one-time code has the word "${word}"`,
    meant === undefined ? 'ask for the code again, word by word' : `did you mean "${meant}"?`,
  );
}
