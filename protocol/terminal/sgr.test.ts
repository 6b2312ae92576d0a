import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Screen } from './screen.ts';
import { cellWidth, colourless, fitCells, unstyled } from './sgr.ts';

const piece = fc.constantFrom(
  'abc',
  ' ',
  'x',
  '漢字',
  'e\u0301',
  '👩',
  '🇩🇪',
  '\x1b[0;1;31m',
  '\x1b[0m',
  '\x1b[0;48;2;1;2;3m',
  '…',
);
const styledText = fc.array(piece, { maxLength: 20 }).map((parts) => parts.join(''));

describe('fitting text into cells', () => {
  it('always gives exactly the width, and leaves no style on', () => {
    fc.assert(
      fc.property(styledText, fc.nat(30), fc.constantFrom('…', '', '...'), (text, width, ellipsis) => {
        const fitted = fitCells(text, width, ellipsis);
        expect(cellWidth(fitted)).toBe(width);
        const last = fitted.match(/\x1b\[[0-9;]*m/g)?.at(-1) ?? '\x1b[0m';
        expect(last).toBe('\x1b[0m');
      }),
    );
  });

  it('fills up, cuts, and keeps styles', () => {
    expect(fitCells('ab', 4)).toBe('ab  ');
    expect(fitCells('abcdef', 4)).toBe('abc…');
    expect(fitCells('abcdef', 4, '')).toBe('abcd');
    expect(fitCells('漢字漢字', 4)).toBe('漢… ');
    expect(fitCells('\x1b[0;31mabcdef\x1b[0m', 4)).toBe('\x1b[0;31mabc…\x1b[0m');
    expect(fitCells('\x1b[0;31mab', 4)).toBe('\x1b[0;31mab\x1b[0m  ');
    expect(fitCells('abc', 1, '...')).toBe('a');
    expect(fitCells('abc', 0)).toBe('');
    expect(fitCells('abc', -1)).toBe('');
  });

  it('measures what a terminal shows', () => {
    expect(cellWidth('\x1b[0;1mab\x1b[0m漢e\u0301')).toBe(5);
  });

  it('a screen agrees on the width', async () => {
    using screen = new Screen({ cols: 60, rows: 1 });
    const text = 'plain 漢字 e\u0301 👩 🇩🇪 한글 Ж א …';
    await screen.write(text);
    expect(screen.cursor.x).toBe(cellWidth(text));
  });
});

describe('NO_COLOR', () => {
  it('takes colours away and leaves other styles', () => {
    expect(colourless('\x1b[0;1;31mred\x1b[0m \x1b[0;7;38;5;200;48;2;1;2;3;4mx\x1b[0m')).toBe(
      '\x1b[0;1mred\x1b[0m \x1b[0;7;4mx\x1b[0m',
    );
    expect(colourless('\x1b[97;100mx\x1b[39m\x1b[m')).toBe('x\x1b[m');
    expect(colourless('\x1b[58;5;4;1mx\x1b[38;2;1;3;4mx')).toBe('\x1b[1mxx');
    expect(colourless('plain')).toBe('plain');
  });

  it('unstyled is plain text', () => {
    expect(unstyled('\x1b[0;1;31mred\x1b[0m x')).toBe('red x');
  });
});
