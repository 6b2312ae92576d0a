import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainRow } from './plain-row.ts';

describe('nothing but text and colours reaches the terminal', () => {
  const attacks: Record<string, string> = {
    title: '\x1b]0;owned\x07',
    clipboard: '\x1b]52;c;cm0gLXJm\x1b\\',
    'cursor move': '\x1b[10;10H',
    'screen clear': '\x1b[2J',
    'device query': '\x1b[6n',
    'C1 CSI': '\x9b2J',
    DCS: '\x1bP+q544e\x1b\\',
    reset: '\x1bc',
    'alternate screen': '\x1b[?1049l',
    'SGR with colons': '\x1b[38:2::1:4:7m',
    'new line': '\n',
    'carriage return': '\r',
    bell: '\x07',
    bidi: '\u202e',
  };
  for (const [name, attack] of Object.entries(attacks)) {
    it(`drops ${name}`, () => expect(plainRow(`a${attack}b`, true)).toBe('ab'));
  }

  it('leaves nothing but SGR, whatever comes in', () => {
    const part = fc.oneof(
      fc.constantFrom('\x1b[', '\x1b', 'm', ';', '31', ']', '\x07', 'K', '\x9b', 'x', '漢', '\x1b[1m', '?', '\\', 'P'),
      fc.string({ maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        const clean = plainRow(parts.join(''), true).replace(/\x1b\[[\d;:]*m/g, '');
        expect(clean).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps colours, wide text and drawing characters', () => {
    const row = '\x1b[1;38;5;120m漢字\x1b[0m │▄⠋ \x1b[38;2;1;2;3mx\x1b[m';
    expect(plainRow(row, true)).toBe(row);
  });
});

describe('NO_COLOR', () => {
  it('drops colours in every notation and keeps bold, underline and inverse', () => {
    expect(plainRow('\x1b[1;31;44mA\x1b[38;5;1;7mB\x1b[48;2;1;4;7mC\x1b[91mD\x1b[0mE', false)).toBe(
      '\x1b[1mA\x1b[7mBCD\x1b[0mE',
    );
  });
});
