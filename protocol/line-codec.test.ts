import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeLine, LineDecoder, LineNotText, LineTooLong, MAX_LINE } from './line-codec.ts';

/** Cuts at the given places and pushes each piece. */
function pushInPieces(decoder: LineDecoder, bytes: Buffer, cuts: readonly number[]): string[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).flatMap((end, index) => decoder.push(bytes.subarray(places[index], end)));
}

describe('lines out of a byte stream', () => {
  it('are the same however the stream is cut', () => {
    const line = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ' '));
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat()), (lines, cuts) => {
        const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
        const wanted = lines.filter((text) => text !== '');
        expect(pushInPieces(new LineDecoder(), bytes, cuts)).toEqual(wanted);
        const byteByByte = new LineDecoder();
        expect([...bytes].flatMap((byte) => byteByByte.push(Buffer.of(byte)))).toEqual(wanted);
      }),
    );
  });

  it('give back what was encoded', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const [line] = new LineDecoder().push(encodeLine(value));
        expect(JSON.parse(line ?? '')).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('keep an unfinished line until it ends', () => {
    const decoder = new LineDecoder();
    expect(decoder.push(Buffer.from('{"a":1}\n{"b"'))).toEqual(['{"a":1}']);
    expect(decoder.pending).toBe(4);
    expect(decoder.push(Buffer.from(':2}\n\n\n'))).toEqual(['{"b":2}']);
    expect(decoder.pending).toBe(0);
  });

  it('do not change when the chunk is reused', () => {
    const decoder = new LineDecoder();
    const chunk = Buffer.from('abc');
    decoder.push(chunk);
    chunk.fill(0x78);
    expect(decoder.push(Buffer.from('\n'))).toEqual(['abc']);
  });
});

describe('a hostile peer', () => {
  it('cannot make a line longer than the limit, however it is cut', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), fc.boolean(), fc.array(fc.nat()), (length, ends, cuts) => {
        const bytes = Buffer.from(`ok\n${'x'.repeat(length)}${ends ? '\n' : ''}`);
        const push = () => pushInPieces(new LineDecoder(16), bytes, cuts);
        if (length > 16) expect(push).toThrow(LineTooLong);
        else expect(push()).toEqual(ends && length > 0 ? ['ok', 'x'.repeat(length)] : ['ok']);
      }),
    );
  });

  it('never has more than the limit kept for it', () => {
    const decoder = new LineDecoder(1000);
    for (let sent = 0; sent < 1000; sent += 10) decoder.push(Buffer.alloc(10, 'x'));
    expect(decoder.pending).toBe(1000);
    expect(() => decoder.push(Buffer.from('x'))).toThrow(LineTooLong);
    expect(decoder.pending).toBe(0);
  });

  it('is not read on after an error', () => {
    const decoder = new LineDecoder(4);
    expect(() => decoder.push(Buffer.from('too long'))).toThrow(LineTooLong);
    expect(() => decoder.push(Buffer.from('\nok\n'))).toThrow(LineTooLong);
  });

  it('sends what is not UTF-8 and gets an error', () => {
    for (const bytes of [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0x80], [0xf5, 0x80, 0x80, 0x80]]) {
      expect(() => new LineDecoder().push(Buffer.from([0x61, ...bytes, 0x0a]))).toThrow(LineNotText);
    }
  });

  it('does not get a line from us that it would refuse', () => {
    expect(encodeLine({ a: 'x'.repeat(MAX_LINE - 8) })).toHaveLength(MAX_LINE + 1);
    expect(() => encodeLine({ a: 'x'.repeat(MAX_LINE - 7) })).toThrow(LineTooLong);
  });
});
