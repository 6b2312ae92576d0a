// A person takes a permission back by what they see: the words, a number, or the short name.

import { expect, it } from 'vitest';
import { readPermissions } from './permission-words.ts';

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
    ['4', '1'],
    ['shell', 'diagnostics'],
  ],
  [
    ['diagnostics,shell', 'SHELL'],
    ['diagnostics', 'shell'],
  ],
])('%j is understood', (words, scopes) => {
  expect(readPermissions(words)).toEqual(scopes);
});

it.each([
  [['shel'], 'did you mean "shell"?'],
  [['type', 'comands'], 'did you mean "Type commands"?'],
  [['everything'], 'permissions are: diagnostics'],
  [['11'], 'see the numbers: chaperoned scopes'],
  [['0'], 'see the numbers'],
])('%j is not, and the hint says what would be', (words, hint) => {
  expect(() => readPermissions(words)).toThrow(expect.objectContaining({ hint: expect.stringContaining(hint) }));
});
