// A person takes a permission back by what they see: the words, a number, or the short name.

import { expect, it } from 'vitest';
import { hasNumber, readPermissions } from './permission-words.ts';

const HELD = ['diagnostics', 'shell'] as const;

it.each([
  [['shell'], ['shell']],
  [['Type commands'], ['shell']],
  [['type', 'commands'], ['shell']],
  [['type', 'commands', 'as', 'administrator'], ['shell.admin']],
  [
    ['run', 'health', 'checks', 'shell'],
    ['diagnostics', 'shell'],
  ],
  [
    ['2', '1'],
    ['shell', 'diagnostics'],
  ],
  [
    ['diagnostics,shell', 'SHELL'],
    ['diagnostics', 'shell'],
  ],
])('%j is understood', (words, scopes) => {
  expect(readPermissions(words, HELD)).toEqual(scopes);
});

it.each([
  [['shel'], 'did you mean "shell"?'],
  [['type', 'comands'], 'did you mean "Type commands"?'],
  [['everything'], 'permissions are: diagnostics'],
  [['3'], 'see the numbers: chaperoned scopes'],
  [['0'], 'see the numbers'],
])('%j is not, and the hint says what would be', (words, hint) => {
  expect(() => readPermissions(words, HELD)).toThrow(expect.objectContaining({ hint: expect.stringContaining(hint) }));
});

it('takes no number where it could be of several people', () => {
  expect(hasNumber(['2'])).toBe(true);
  expect(hasNumber(['type', 'commands'])).toBe(false);
  expect(() => readPermissions(['2'], null)).toThrow('does not say whose permission');
});
