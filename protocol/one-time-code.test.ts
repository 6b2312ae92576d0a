import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CODE_WORDS } from './code-words.ts';
import { CODE_COUNT, newOneTimeCode, OneTimeCodeError, parseOneTimeCode, sameCode } from './one-time-code.ts';

const code = fc
  .tuple(fc.integer({ min: 10, max: 99 }), fc.constantFrom(...CODE_WORDS), fc.constantFrom(...CODE_WORDS))
  .map((parts) => parts.join('-'));

function hintOf(text: string): string | undefined {
  try {
    parseOneTimeCode(text);
  } catch (error) {
    if (error instanceof OneTimeCodeError) return `${error.message} / ${error.hint}`;
  }
  return undefined;
}

describe('a one-time code', () => {
  it('is one of more than 2^24', () => {
    expect(Math.log2(CODE_COUNT)).toBeGreaterThanOrEqual(24);
  });

  it('is new each time and uses all numbers and words', () => {
    const codes = Array.from({ length: 20_000 }, newOneTimeCode);
    expect(new Set(codes).size).toBeGreaterThan(19_900);
    const parts = codes.map((text) => text.split('-'));
    expect(new Set(parts.map(([number]) => number)).size).toBe(90);
    expect(new Set(parts.map(([, first]) => first)).size).toBe(512);
    expect(new Set(parts.map(([, , second]) => second)).size).toBe(512);
    for (const text of codes.slice(0, 500)) expect(parseOneTimeCode(text)).toBe(text);
  });

  it('may be typed with any separators, in any case, or run together', () => {
    fc.assert(
      fc.property(
        code,
        fc.constantFrom(' ', '-', ', ', '_', '.', '', ' – ', '\t'),
        fc.boolean(),
        (text, between, loud) => {
          const typed = ` ${text.replaceAll('-', between)}\n`;
          expect(parseOneTimeCode(loud ? typed.toUpperCase() : typed)).toBe(text);
        },
      ),
    );
    expect(parseOneTimeCode('27 Harbor, Violet.')).toBe('27-harbor-violet');
  });

  it('that is mistyped says what may be meant', () => {
    expect(hintOf('27-harbour-violet')).toBe('no one-time code has the word "harbour" / did you mean "harbor"?');
    expect(hintOf('27 harbor voilet')).toBe('no one-time code has the word "voilet" / did you mean "violet"?');
    expect(hintOf('27harborvoilet')).toBe('no one-time code has the word "voilet" / did you mean "violet"?');
    expect(hintOf('27-harbor-quixotic')).toBe(
      'no one-time code has the word "quixotic" / ask for the code again, word by word',
    );
    expect(hintOf('7-harbor-violet')).toContain('a number of two digits');
    expect(hintOf('07-harbor-violet')).toContain('a number of two digits');
    expect(hintOf('271-harbor-violet')).toContain('a number of two digits');
    for (const text of [
      '',
      '27',
      'harbor violet',
      '27 harbor',
      '27-harbor-violet-atlas',
      '27 xyz',
      '2 7 harbor violet',
    ]) {
      expect(hintOf(text), text).toContain('a number and two words, like 27-harbor-violet');
    }
  });

  it('is never echoed with anything but letters, and a flood is refused', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(hintOf(`27-harbor-${text}`) ?? '').toMatch(/^[ -~]*$/);
      }),
    );
    expect(hintOf(`27-harbor-violet${' '.repeat(60)}atlas`), 'nothing is cut off unseen').toContain(
      'a number and two words',
    );
    expect(hintOf('27-harbor-violet'.repeat(100_000))).toContain('a number and two words');
  });

  it('is the same or not the same', () => {
    expect(sameCode('27-harbor-violet', '27-harbor-violet')).toBe(true);
    for (const other of ['27-harbor-velvet', '28-harbor-violet', '27-violet-harbor', '27-harbor-viole', '']) {
      expect(sameCode('27-harbor-violet', other)).toBe(false);
    }
  });
});
