// Patterns for names in the policy: `*` for any text, `?` for one character. Nothing else is special.

import { z } from 'zod';

const GLOB_MAX = 100; // characters
const WRITTEN = /^[\x21-\x7e]+$/;

/** A schema for one pattern. */
export const Glob = z
  .string()
  .max(GLOB_MAX, `the pattern is too long (at most ${GLOB_MAX} characters)`)
  .regex(WRITTEN, 'a pattern is letters, digits and signs without spaces, * for any text and ? for one character')
  .refine((text) => !/[[\]{}!]/.test(text), {
    error: 'brackets, braces and ! mean nothing in a pattern',
    params: { hint: 'write one pattern for each; * stands for any text and ? for one character' },
  });

/** Whether `name` fits all of `glob`. Time grows with the product of the lengths, whatever the pattern. */
export function globFits(glob: string, name: string): boolean {
  let [at, from] = [0, 0];
  let star: { readonly glob: number; name: number } | null = null;
  while (from < name.length) {
    if (glob[at] === '*') {
      star = { glob: at, name: from };
      at += 1;
    } else if (at < glob.length && (glob[at] === '?' || glob[at] === name[from])) {
      at += 1;
      from += 1;
    } else if (star !== null) {
      star.name += 1; // the last star takes one character more
      [at, from] = [star.glob + 1, star.name];
    } else {
      return false;
    }
  }
  return /^\**$/.test(glob.slice(at));
}
