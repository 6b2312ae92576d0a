// What the technician must see shows on dark and on white terminals, and without colours.

import { expect, it } from 'vitest';
import { colourless } from '../protocol/terminal/sgr.ts';
import { type Meaning, paint, THEME } from './theme.ts';

const PALE = [2, 3, 6, 7]; // green, yellow, cyan, white: hardly to be told from a white ground
const DARK = [0, 4]; // black, blue: hardly to be told from a black one

/** The colours that letters and ground have in the end; null is the terminal's own. */
function shown(parameters: string): { letters: number | null; ground: number | null } {
  const codes = parameters.split(';').map(Number);
  const within = (from: number) => codes.map((code) => code - from).find((code) => code >= 0 && code < 8) ?? null;
  const [front, back] = [within(30), within(40)];
  return codes.includes(7) ? { letters: back, ground: front } : { letters: front, ground: back };
}

it.each(Object.keys(THEME) as Meaning[])('%s is readable on every ground', (meaning) => {
  const { letters, ground } = shown(THEME[meaning]);
  if (ground === null) {
    expect([...PALE, ...DARK]).not.toContain(letters);
  } else {
    expect(letters).not.toBeNull();
    expect(PALE.includes(letters ?? 0)).not.toBe(PALE.includes(ground));
  }
  expect(THEME[meaning]).not.toMatch(/(^|;)9\d/);
});

it.each(['danger', 'accent', 'selected', 'bannerActive', 'bannerPaused', 'bannerEnded'] as const)(
  '%s differs from plain text without colours',
  (meaning) => expect(colourless(paint(meaning, 'words'))).toMatch(/^\x1b\[[17]m/),
);
