// Lines that begin with ~ at a terminal: what they do, and what goes to the machine as it is.

import { expect, it } from 'vitest';
import { type Escape, readEscape, TypedLines } from './escapes.ts';

it.each<[string, Escape]>([
  ['~?', { kind: 'help' }],
  ['~.', { kind: 'end' }],
  ['~c is it better?', { kind: 'chat', text: 'is it better?' }],
  [
    '~a shell,reboot it must be restarted',
    { kind: 'ask', scopes: ['shell', 'reboot'], reason: 'it must be restarted' },
  ],
  ['~~/x', { kind: 'line', text: '~/x' }],
  ['~/bin/mend', { kind: 'line', text: '~/bin/mend' }],
  ['~ana/x', { kind: 'line', text: '~ana/x' }],
  ['ls ~.', { kind: 'line', text: 'ls ~.' }],
])('%s', (line, read) => {
  expect(readEscape(line)).toEqual(read);
});

it.each([
  ['~a shel why', 'did you mean "shell"?'],
  ['~a shell', 'say why'],
  ['~a', 'there is no permission'],
  ['~c', 'write it behind'],
  [`~a shell ${'x'.repeat(301)}`, 'at most 300 characters, and these are 301'],
])('%s says what is missing', (line, words) => {
  expect(readEscape(line)).toMatchObject({ kind: 'mistaken', words: expect.stringContaining(words) });
});

it('counts at the beginning of a line alone, and only as a whole line', () => {
  const lines = new TypedLines();
  const log: string[] = [];
  const take = (text: string) =>
    lines.take(
      Buffer.from(text),
      ({ kind }) => log.push(`does ${kind}`),
      (bytes, shown) => log.push(`${JSON.stringify(bytes.toString())} ${shown === null ? 'in part' : 'whole'}`),
    );
  take('ls\n~?\nhalf ');
  take('~.\n');
  take('~.\n');
  expect(log).toEqual(['"ls\\n" whole', 'does help', '"half " in part', '"~.\\n" in part', 'does end']);
});
