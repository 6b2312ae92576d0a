import { describe, expect, it } from 'vitest';
import { bigLetters } from './big-letters.ts';
import { askedElsewhere, clock, lengthInWords, recordedInWords, scopesInWords } from './words.ts';

describe('words for the local user', () => {
  it.each([
    [1_000, '1 second'],
    [45_000, '45 seconds'],
    [60_000, '1 minute'],
    [5_400_000, '1 hour 30 minutes'],
    [7_200_000, '2 hours'],
  ])('%i ms is %s', (ms, words) => {
    expect(lengthInWords(ms)).toBe(words);
  });

  it.each([
    [0, '0:00'],
    [-5, '0:00'],
    [581_000, '9:41'],
    [7_200_000, '2:00:00'],
  ])('%i ms on a countdown is %s', (ms, words) => {
    expect(clock(ms)).toBe(words);
  });

  it('name permissions without jargon', () => {
    expect(scopesInWords(['diagnostics', 'shell'])).toBe('run health checks, type commands');
    expect(scopesInWords([])).toBe('do nothing');
  });

  it('say what is recorded in every case', () => {
    expect(recordedInWords({ output: true, input: false })).toBe('What they see is recorded.');
    expect(recordedInWords({ output: true, input: true })).toBe('What they see and what they type is recorded.');
    expect(recordedInWords({ output: false, input: false })).toBe('Nothing is recorded.');
  });
});

describe('large letters', () => {
  it('draw numbers and codes in three rows', () => {
    expect(bigLetters('482', 40)).toEqual(['█  █ ▄▀▀▄ ▀▀▀▄', '▀▀▀█ ▄▀▀▄ ▄▀▀', '   ▀  ▀▀  ▀▀▀▀']);
  });

  it('know every character of connection IDs and codes, each different from all others', () => {
    const drawn = [...'0123456789abcdefghijklmnopqrstuvwxyz-'].map((character) => bigLetters(character, 9)?.join('\n'));
    expect(drawn).not.toContain(undefined);
    // O and 0 look alike; digits and letters never stand in the same part of a code.
    expect(new Set(drawn).size).toBeGreaterThanOrEqual(drawn.length - 1);
  });

  it('give way to plain text where there is no room', () => {
    expect(bigLetters('27-harbor-violet', 40)).toBeNull();
    expect(bigLetters('é', 40)).toBeNull();
  });
});

it('says where questions appear, and not by which program', () => {
  expect(askedElsewhere('desktop: desktop window (yad)')).toBe(
    'Questions appear on the desktop first, in a window of their own.',
  );
  expect(askedElsewhere('terminal')).toBe('Questions appear in another window first.');
});
