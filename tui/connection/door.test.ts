import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { cleanJson, parseAtTheDoor } from './door.ts';

const UNSAFE = /[\0-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/;

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [key, ...strings(item)]);
}

describe('the door', () => {
  it('lets no string or key through that could act on a terminal, however deep it lies', () => {
    const hostile = fc.array(fc.constantFrom('\x1b]52;c;eA==\x07', '\x1b[2J', '\x9b', '\u202e', '\r', 'a', '\n', '\0'));
    const text = hostile.map((parts) => parts.join(''));
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        text,
        fc.integer(),
        fc.array(tie('tree')),
        fc.dictionary(text, tie('tree')),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        for (const shown of strings(cleanJson(value))) expect(shown).not.toMatch(UNSAFE);
      }),
    );
  });

  it('keeps lines apart where several are meant, and nowhere else', () => {
    expect(cleanJson({ text: 'a\nb\x1b[2J', title: 'a\nb', rows: [['c\nd']] })).toEqual({
      text: 'a\nb',
      title: 'a b',
      rows: [['c d']],
    });
  });

  it('leaves signed notes as they were signed', () => {
    const note = 'chaperone/grant/v1\n{"x":"\x1b"}\n\n— m AAAA\n';
    expect(cleanJson({ note, grantNote: note })).toEqual({ note, grantNote: note });
  });

  it('refuses what is nested without end', () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    expect(() => parseAtTheDoor(z.json(), deep, 'a message')).toThrow(/nested/);
  });

  it('says what did not fit, without repeating it', () => {
    expect(() => parseAtTheDoor(z.strictObject({}), '{"a":"\x1b"}', 'a status')).toThrow(/JSON/);
    expect(() => parseAtTheDoor(z.strictObject({}), '{"secret":1}', 'a status')).toThrow(/^((?!secret).)*$/);
  });
});
