// A text that is longer than its screen shows that it goes on.

import { expect, it } from 'vitest';
import { unstyled } from '../../protocol/terminal/sgr.ts';
import { scrolledRows } from './use-list.ts';

it('says that there is more below, and hides no row for good', () => {
  const all = ['one', 'two', 'three', 'four'];
  expect(scrolledRows(all, 0, 3).map(unstyled)).toEqual(['one', 'two', ' ↓ more']);
  expect(scrolledRows(all, 1, 3)).toEqual(['two', 'three', 'four']);
  expect(scrolledRows(all, 0, 4)).toEqual(all);
});
