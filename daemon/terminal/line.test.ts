// A warning that cannot be read is none: what the person must see shows on dark and on light terminals.

import { expect, it } from 'vitest';
import { type Meaning, renderLine, STYLES } from './line.ts';

const PALE = /(^|;)(3[2367]|9\d)(;|$)/; // green, yellow, cyan, white: hardly to be told from white

it.each(Object.keys(STYLES) as Meaning[])('%s has no pale letters on the ground of the terminal', (as) => {
  const [, parameters = ''] = /^\x1b\[([\d;]*)m/.exec(renderLine([{ text: 'words', as }], 20, true)) ?? [];
  expect(parameters).not.toMatch(PALE);
  expect(parameters).not.toBe('');
});
