import { describe, expect, it } from 'vitest';
import { encodePaste, encodeTyped } from './shell-keys.ts';

const typed = (bytes: string, applicationCursor: boolean) =>
  encodeTyped(Buffer.from(bytes), { applicationCursor }).toString();
const pasted = (bytes: string, first: boolean, last: boolean, bracketedPaste: boolean) =>
  encodePaste(Buffer.from(bytes), { first, last }, { bracketedPaste }).toString();

describe('keys on their way to the shell', () => {
  it('arrows follow the application-cursor mode that the remote program asked for', () => {
    expect(typed('\x1b[A', true)).toBe('\x1bOA');
    expect(typed('\x1b[H', true)).toBe('\x1bOH');
    expect(typed('\x1b[A', false)).toBe('\x1b[A');
  });

  it('everything else goes through as it is', () => {
    for (const bytes of ['\x1b[1;5A', '\x1b[3~', '[A', '\x1bOP', 'abc', '\x03']) expect(typed(bytes, true)).toBe(bytes);
  });
});

describe('a paste on its way to the shell', () => {
  it('is bracketed only when the remote program asked for it', () => {
    expect(pasted('a\nb', true, true, true)).toBe('\x1b[200~a\nb\x1b[201~');
    expect(pasted('a\r\nb\nc', true, true, false)).toBe('a\rb\rc');
  });

  it('has one pair of brackets, in however many pieces it came', () => {
    expect(pasted('a', true, false, true) + pasted('b', false, false, true) + pasted('', false, true, true)).toBe(
      '\x1b[200~ab\x1b[201~',
    );
  });

  it('keeps its bytes, UTF-8 or not', () => {
    const bytes = Buffer.from([0xff, 0x0a, 0xc3, 0xa4]);
    expect([...encodePaste(bytes, { first: true, last: true }, { bracketedPaste: false })]).toEqual([
      0xff, 0x0d, 0xc3, 0xa4,
    ]);
  });
});
