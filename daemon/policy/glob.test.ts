// Patterns of the policy fit what people expect of `*` and `?`, and take no time whatever they are.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Glob, globFits } from './glob.ts';

const pattern = fc
  .array(fc.constantFrom('a', 'b', '-', '.', '*', '?'), { maxLength: 12 })
  .map((parts) => parts.join(''));
const name = fc.array(fc.constantFrom('a', 'b', '-', '.'), { maxLength: 12 }).map((parts) => parts.join(''));

/** The same meaning, said by another program. */
function asRegExp(glob: string): RegExp {
  const parts = glob.replace(/\*+/g, '*').split(/(\*|\?)/);
  return new RegExp(
    `^${parts.map((part) => (part === '*' ? '.*' : part === '?' ? '.' : part.replaceAll('.', '\\.'))).join('')}$`,
  );
}

describe('a pattern', () => {
  it.each([
    ['disks', 'disks', true],
    ['disks', 'disk', false],
    ['open-*', 'open-ports', true],
    ['open-*', 'open-', true],
    ['open-*', 'reopen-ports', false],
    ['*', '', true],
    ['d?sks', 'disks', true],
    ['d?sks', 'dsks', false],
    ['*-*-*', 'logged-in-users', true],
    ['a.c', 'abc', false],
    ['Disks', 'disks', false],
  ])('%s and %s: %s', (glob, word, expected) => {
    expect(globFits(glob, word)).toBe(expected);
  });

  it('fits what its regular expression fits', () => {
    fc.assert(
      fc.property(pattern, name, (glob, word) => globFits(glob, word) === asRegExp(glob).test(word)),
      {
        numRuns: 500,
      },
    );
  });

  it('fits the name from which it was made by putting stars and question marks', () => {
    fc.assert(
      fc.property(name, fc.nat(12), fc.nat(12), (word, from, to) => {
        const [first, last] = [Math.min(from, to), Math.max(from, to)];
        expect(globFits(`${word.slice(0, first)}*${word.slice(last)}`, word)).toBe(true);
        expect(globFits(word.replace(/./g, '?'), word)).toBe(true);
      }),
    );
  });

  it('is over soon for a pattern that would keep a regular expression busy for years', () => {
    expect(globFits(`${'*a'.repeat(49)}b`, 'a'.repeat(10_000))).toBe(false);
  });

  it.each(['', 'a b', 'tab\there', 'é', '[ab]', '{a,b}', '!a', 'x'.repeat(101)])('%j is none', (text) => {
    expect(Glob.safeParse(text).success).toBe(false);
  });
});
