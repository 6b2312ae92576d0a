// What stands in the policy and cannot be listened on: the hint fits the reason.

import { expect, it } from 'vitest';
import { AddressTaken } from './server.ts';

it.each([
  ['EADDRINUSE', 'another chaperoned'],
  ['ENOTFOUND', 'no such address'],
  ['EADDRNOTAVAIL', 'no such address'],
  ['EACCES', 'below 1024'],
])('says what to do about %s', (code, words) => {
  const taken = new AddressTaken({ host: 'desk', port: 22 }, Object.assign(new Error('no'), { code }));
  expect(taken.message).toContain(code);
  expect(taken.hint).toContain(words);
  expect(taken.hint).toContain('`listen` in the policy');
});
