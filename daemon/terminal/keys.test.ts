import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Key, KeyReader } from './keys.ts';

const read = (...chunks: string[]): string[] => {
  const reader = new KeyReader();
  return [...chunks.flatMap((chunk) => reader.push(chunk)), ...reader.flush()].map(spell);
};
const spell = (key: Key): string => ('text' in key ? `${key.name}:${key.text}` : key.name);

describe('keys', () => {
  it.each([
    ['a', ['text:a']],
    ['é日', ['text:é', 'text:日']],
    ['\x1b[A\x1b[B\x1bOC\x1b[D', ['up', 'down', 'right', 'left']],
    ['\t\x1b[Z\r\x7f\x03\x04\x0c', ['tab', 'back-tab', 'enter', 'backspace', 'ctrl-c', 'ctrl-d', 'ctrl-l']],
    ['\x1b[5~\x1b[6~\x1b[H\x1b[F', ['page-up', 'page-down', 'home', 'end']],
    ['\x1b', ['escape']],
    ['\x1b\x1b', ['escape', 'escape']],
    ['\x1b[1;5A', ['other']],
    ['\x1bq', ['other']],
    ['\x1b[', ['other']],
    ['\x00', ['other']],
    ['\x1b[200~allow\r\x1b[201~x', ['paste:allow\r', 'text:x']],
  ])('%j', (bytes, expected) => {
    expect(read(bytes)).toEqual(expected);
  });

  it('are the same however the bytes are cut', () => {
    const piece = fc.constantFrom(
      'a',
      ' ',
      '\r',
      '\x1b[A',
      '\x1bOB',
      '\x1b[200~pasted text\x1b[201~',
      '\x1b[5~',
      '\x03',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const bytes = pieces.join('');
        expect(read(...bytes)).toEqual(read(bytes));
      }),
    );
  });

  it('hold nothing of an endless paste or sequence but a bounded beginning', () => {
    const reader = new KeyReader();
    reader.push('\x1b[200~');
    for (let index = 0; index < 1000; index += 1) expect(reader.push('x'.repeat(1000))).toEqual([]);
    const [paste] = reader.push('\x1b[201~');
    expect(paste).toEqual({ name: 'paste', text: 'x'.repeat(2000) });
    expect(reader.push(`\x1b[${'1'.repeat(100)}`)).toEqual([]);
    expect(reader.pending).toBe(false);
  });
});
