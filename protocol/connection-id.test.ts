import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ConnectionIdError,
  formatConnectionId,
  isConnectionId,
  newConnectionId,
  parseConnectionId,
} from './connection-id.ts';

const anyId = fc.integer({ min: 0, max: 999 }).map(() => newConnectionId());

function hintOf(text: string): string | undefined {
  try {
    parseConnectionId(text);
  } catch (error) {
    if (error instanceof ConnectionIdError) return `${error.message} / ${error.hint}`;
  }
  return undefined;
}

describe('a connection ID', () => {
  it('of our documents is a real one', () => {
    expect(isConnectionId('482913077')).toBe(true);
    expect(formatConnectionId('482913077')).toBe('482 913 077');
  });

  it('is new, valid and survives being written and read', () => {
    const ids = Array.from({ length: 500 }, newConnectionId);
    for (const id of ids) {
      expect(id).toMatch(/^[1-9][0-9]{8}$/);
      expect(isConnectionId(id)).toBe(true);
      expect(parseConnectionId(formatConnectionId(id))).toBe(id);
    }
    expect(new Set(ids).size).toBeGreaterThan(490);
  });

  it('may be typed as people write numbers', () => {
    for (const text of [
      '482913077',
      ' 482 913 077\n',
      '482.913.077',
      '482-913-077',
      '4 8 2 9 1 3 0 7 7',
      '482–913\u00a0077',
    ])
      expect(parseConnectionId(text)).toBe('482913077');
  });

  it('with any one digit mistyped is refused', () => {
    fc.assert(
      fc.property(anyId, fc.nat(8), fc.integer({ min: 1, max: 9 }), (id, place, shift) => {
        const wrong = String((Number(id[place]) + shift) % 10);
        expect(isConnectionId(id.slice(0, place) + wrong + id.slice(place + 1))).toBe(false);
      }),
    );
  });

  it('with any two neighbours swapped is refused', () => {
    fc.assert(
      fc.property(anyId, fc.nat(7), (id, place) => {
        const swapped = id.slice(0, place) + id[place + 1] + id[place] + id.slice(place + 2);
        expect(isConnectionId(swapped)).toBe(swapped === id);
      }),
    );
  });

  it('that is wrong says what is wrong', () => {
    expect(hintOf('482913078')).toBe(
      '482 913 078 is not a connection ID / one digit seems to be mistyped, or two are swapped; ask for the number again',
    );
    expect(hintOf('48291307')).toContain('8 digits were given');
    expect(hintOf('1')).toContain('only 1 digit was given');
    expect(hintOf('front-desk')).toContain('nine digits, like 482 913 077');
    expect(hintOf('')).toContain('nine digits');
    expect(hintOf('082913077')).toContain('mistyped');
    expect(hintOf('٤٨٢٩١٣٠٧٧')).toContain('nine digits');
  });

  it('is never echoed with anything but digits, and a flood is refused', () => {
    expect(hintOf(`482913077${' '.repeat(60)}1`), 'nothing is cut off unseen').toContain('nine digits');
    expect(hintOf(`\x1b]0;x\x07${'4'.repeat(1_000_000)}`)).toBe(
      'this is not a connection ID / it has nine digits, like 482 913 077',
    );
  });
});
