import { describe, expect, it } from 'vitest';
import { editEntry, entryOf, type TextEntry } from './text-entry.ts';

const type = (start: string, ...keys: (string | { paste: string })[]) => {
  let entry: TextEntry = entryOf(start);
  for (const key of keys) {
    const press =
      typeof key === 'string'
        ? { name: key, text: [...key].length === 1 ? key : '' }
        : { name: 'paste', text: key.paste };
    entry = editEntry(entry, press, 20) ?? entry;
  }
  return `${entry.text.slice(0, entry.at)}|${entry.text.slice(entry.at)}`;
};

describe('a text field', () => {
  it('edits where the cursor is', () => {
    expect(type('', 'a', 'b', 'left', 'c')).toBe('ac|b');
    expect(type('abc', 'home', 'delete', 'end', 'backspace')).toBe('b|');
    expect(type('one two', 'ctrl+w')).toBe('one |');
    expect(type('abc', 'left', 'ctrl+u')).toBe('|c');
    expect(type('abc', 'home', 'right', 'ctrl+k')).toBe('a|');
  });

  it('moves over whole characters', () => {
    expect(type('a👩', 'backspace')).toBe('a|');
    expect(type('👩a', 'home', 'right')).toBe('👩|a');
  });

  it('takes a paste as one printable line, and no more than fits', () => {
    expect(type('', { paste: 'two\nlines\x1b[31m\x07' })).toBe('two lines|');
    expect(type('', { paste: 'x'.repeat(100) })).toBe(`${'x'.repeat(20)}|`);
    expect(type('x'.repeat(20), 'y')).toBe(`${'x'.repeat(20)}|`);
  });

  it('leaves other keys alone', () => {
    expect(editEntry(entryOf('a'), { name: 'enter', text: '' }, 20)).toBeNull();
    expect(editEntry(entryOf('a'), { name: 'up', text: '' }, 20)).toBeNull();
  });
});
