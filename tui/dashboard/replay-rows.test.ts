// A recorded screen that is taller than the window shows where the work is, at its top as well as at its bottom.

import { expect, it } from 'vitest';
import { unstyled } from '../../protocol/terminal/sgr.ts';
import { doubtRows, rowsAbove } from './replay-rows.ts';

const screen = (...texts: string[]): string[] => [
  ...texts,
  ...Array.from({ length: 20 - texts.length }, () => '\x1b[0m  '),
];

it('begins at the top while nothing stands below', () => {
  expect(rowsAbove(screen('desk$ '), 0, 12)).toBe(0);
  expect(rowsAbove(screen(...Array(12).fill('x')), 11, 12)).toBe(0);
});

it('follows what is written', () => {
  expect(rowsAbove(screen(...Array(15).fill('x')), 14, 12)).toBe(3);
  expect(rowsAbove(screen(...Array(20).fill('x')), null, 12)).toBe(8);
});

it('keeps the cursor in sight when it goes up again', () => {
  expect(rowsAbove(screen(...Array(20).fill('x')), 2, 12)).toBe(2);
});

it('says in a row of its own what is to be doubted', () => {
  expect(doubtRows(null, 40)).toEqual([]);
  const rows = doubtRows({ grave: true, words: 'It was changed.' }, 20);
  expect(rows.map(unstyled)).toEqual([' It was changed.    ']);
});
