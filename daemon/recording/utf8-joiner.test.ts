import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Utf8Joiner } from './utf8-joiner.ts';

function joined(chunks: Buffer[]): string {
  const joiner = new Utf8Joiner();
  const pieces = [...chunks.map((chunk) => joiner.push(chunk)), joiner.end()];
  expect(pieces.every(isUtf8)).toBe(true);
  return Buffer.concat(pieces).toString('utf8');
}

const cut = (bytes: Buffer, size: number) =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));

const character = fc
  .oneof(
    ...[0x7f, 0x7ff, 0xd7ff, 0x10ffff].map((max, length) =>
      fc.integer({ min: [0, 0x80, 0x800, 0x10000][length] ?? 0, max }),
    ),
  )
  .map((code) => String.fromCodePoint(code));

describe('joining characters that were cut', () => {
  it('gives the text back, however it was cut', () => {
    fc.assert(
      fc.property(fc.array(character, { maxLength: 40 }), fc.integer({ min: 1, max: 7 }), (characters, size) => {
        const text = characters.join('');
        expect(joined(cut(Buffer.from(text), size))).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });

  it('never gives invalid text or waits for more than three bytes, whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.integer({ min: 1, max: 7 }), (bytes, size) => {
        const joiner = new Utf8Joiner();
        const pieces = cut(Buffer.from(bytes), size).map((chunk) => joiner.push(chunk));
        expect(pieces.every(isUtf8)).toBe(true);
        expect(Buffer.concat(pieces).length).toBeGreaterThanOrEqual(bytes.length - 3);
      }),
      { numRuns: 1000 },
    );
  });

  it('shows bytes that are no UTF-8, and a character that never ends, as U+FFFD', () => {
    expect(joined([Buffer.from([0x61, 0xff, 0x62, 0xc3]), Buffer.from([0x28])])).toBe('a\uFFFDb\uFFFD(');
    expect(joined([Buffer.from('ok'), Buffer.from([0xe2, 0x82])])).toBe('ok\uFFFD');
  });
});
