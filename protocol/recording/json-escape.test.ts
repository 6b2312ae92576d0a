import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeInto, MAX_EXPANSION } from './json-escape.ts';

function escaped(source: Uint8Array, shift = 0): string {
  const target = Buffer.alloc(shift + source.length * MAX_EXPANSION);
  const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
  return target.toString('utf8', shift, escapeInto(source, target, view, shift));
}

describe('escaping output for JSON', () => {
  it('writes what JSON.stringify writes, for every character and wherever the bytes lie in memory', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.string({
        unit: fc.constantFrom('\x1b', '"', '\\', '\r', '\n', '\0', '\x7f', '\x9b', 'ü', '語', 'a'),
        maxLength: 60,
      }),
    );
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 }), (plain, before, shift) => {
        const source = Buffer.from('#'.repeat(before) + plain).subarray(before);
        expect(escaped(source, shift)).toBe(JSON.stringify(plain).slice(1, -1));
      }),
      { numRuns: 2000 },
    );
  });

  it('finds the one byte that needs it in each place of a word, among bytes that look alike', () => {
    const neighbours = ['!', '#', '[', ']', ' ', '\x7f', 'ÿ'];
    for (let code = 0; code < 0x80; code++) {
      for (const neighbour of neighbours) {
        for (let place = 0; place < 8; place++) {
          const text = neighbour.repeat(place) + String.fromCharCode(code) + neighbour.repeat(7);
          expect(escaped(Buffer.from(text))).toBe(JSON.stringify(text).slice(1, -1));
        }
      }
    }
  });
});
