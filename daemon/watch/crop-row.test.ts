import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellWidth, unstyled } from '../../protocol/terminal/sgr.ts';
import { cropRow } from './crop-row.ts';

const plain = (row: string, from: number, width: number): string => unstyled(cropRow(row, from, width, true));

describe('a row of the technician’s screen, cut to the local window', () => {
  it('shows the piece that fits', () => {
    expect(plain('hello world', 0, 5)).toBe('hello');
    expect(plain('hello world', 6, 20)).toBe('world');
    expect(plain('short', 10, 5)).toBe('');
  });

  it('keeps colours, also those that began to the left of the piece', () => {
    expect(cropRow('\x1b[31mred and more\x1b[0m', 4, 3, true)).toBe('\x1b[31mand\x1b[0m');
    expect(cropRow('\x1b[0;1;31mab\x1b[0;32mcd', 1, 3, true)).toBe('\x1b[0;1;31mb\x1b[0;32mcd\x1b[0m');
  });

  it('shows none when none are wanted, but bold stays', () => {
    expect(cropRow('\x1b[0;1;31mab\x1b[0m', 0, 5, false)).toBe('\x1b[0;1mab\x1b[0m\x1b[0m');
  });

  it('puts a space for the half of a wide character', () => {
    expect(plain('日本語', 1, 4)).toBe(' 本 ');
    expect(plain('日本語', 0, 3)).toBe('日 ');
  });

  it('lets no other escape sequence or control through', () => {
    const hostile = 'a\x1b]0;title\x07b\x1b[2J\x1b[10;10Hc\x1b]52;c;aGk=\x1b\\d\x9b5ne\rf\x08g\x1b[6n';
    expect(cropRow(hostile, 0, 80, true).replaceAll('\x1b[0m', '')).toBe('abcde fg');
  });

  it('never takes more cells than it was given, whatever the row holds', () => {
    const fragment = fc.constantFrom(
      'a',
      '日',
      'é',
      '👩‍⚕️',
      '\x1b[31m',
      '\x1b[0m',
      '\x1b[38;5;1m',
      '\x1b[2J',
      '\x1b',
      '\x9b',
      '\u0301',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(fragment), fc.nat(20), fc.nat(20), (parts, from, width) => {
        const cut = cropRow(parts.join(''), from, width, true);
        expect(cellWidth(cut)).toBeLessThanOrEqual(width);
        expect(unstyled(cut)).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
      }),
    );
  });
});
