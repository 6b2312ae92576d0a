// A technician who asks for more ticks boxes; whatever is wrong is said beside them, and nothing typed is lost.

import { expect, it } from 'vitest';
import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';
import { editScopes, goOn, moveScope, type ScopesForm, scopesRows, startScopes, tickScope } from './scopes-form.ts';

const start = () => startScopes(['shell.suggest', 'shell']);
const type = (form: ScopesForm, text: string) =>
  [...text].reduce((now, character) => editScopes(now, { name: character, text: character }) ?? now, form);
const shown = (form: ScopesForm, seen = 10) =>
  scopesRows(form, 100, seen).map((row) => row.replace(/\x1b\[[\d;]*m/g, ''));

it('shows words and names of what can be had', () => {
  expect(shown(start()).map((row) => sanitiseLine(row).trim())).toEqual([
    'May I also have (Space ticks):',
    expect.stringContaining('[ ] Suggest commands (shell.suggest)'),
    expect.stringContaining('[ ] Type commands (shell)'),
    expect.stringContaining('Why, in words'),
  ]);
});

it('says what is missing and keeps the rest', () => {
  expect(goOn(start())?.problem).toBe('Space ticks one');
  const ticked = goOn(tickScope(moveScope(start(), 1)));
  expect(ticked).toMatchObject({ ticked: ['shell'], focus: 2, problem: '' });
  const missing = ticked === null ? null : goOn(ticked);
  expect(missing).toMatchObject({ ticked: ['shell'], problem: 'say why: the person reads it' });
  const filled = missing === null ? null : type(missing, 'to mend it');
  expect(filled).toMatchObject({ problem: '', ticked: ['shell'], reason: { text: 'to mend it' } });
  expect(filled === null ? 'lost' : goOn(filled)).toBeNull();
});

it('takes letters on a box, so that they mean nothing else', () => {
  expect(editScopes(start(), { name: 'e', text: 'e' })).toEqual(start());
  expect(editScopes(start(), { name: 'f1', text: '' })).toBeNull();
});

it('keeps the mark in sight where there is little room', () => {
  const form = moveScope(startScopes(['diagnostics', 'shell.suggest', 'shell', 'reboot']), -2);
  const rows = shown(form, 4);
  expect(rows).toHaveLength(4);
  expect(rows.join('\n')).toContain('Restart and return');
});
