// Consent is a deliberate act: what keys can and cannot do to a question.

import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SCOPE_WORDS, type Scope } from '../../protocol/scopes.ts';
import type { PromptQuestion } from '../consent/prompter.ts';
import type { Key, NamedKey } from '../terminal/keys.ts';
import { arm, type KeyEffect, newQuestion, press, type QuestionState } from './question-state.ts';

const question = (scopes: readonly Scope[] = ['diagnostics', 'shell', 'shell.admin']): PromptQuestion => ({
  id: randomUUID(),
  machine: { id: '482913077', name: 'desk', hipaa: true },
  technician: {
    name: 'Dana Roe',
    role: 'technician',
    phone: '+1 555 0100',
    organisation: null,
    keyFingerprint: `SHA256:${'A'.repeat(43)}`,
    verifiedBy: 'listed',
  },
  address: '192.168.1.7',
  reason: 'printer',
  ticket: 'T-1',
  offered: scopes.map((scope) => ({ scope, ...SCOPE_WORDS[scope], preTicked: SCOPE_WORDS[scope].mayBePreTicked })),
  limitMs: 60_000,
  recorded: { output: true, input: false },
  notices: [],
  until: new Date(Date.now() + 60_000).toISOString(),
  armsAfterMs: 1500,
});

const named = (...names: NamedKey[]): Key[] => names.map((name) => ({ name }));
const typed = (text: string): Key[] =>
  [...text].map((character) => (character === '\n' ? { name: 'enter' } : { name: 'text', text: character }));

/** What the keys lead to: an answer, or the state in which the question is still open. */
function pressing(start: QuestionState, keys: readonly Key[]): KeyEffect {
  let effect: KeyEffect = { kind: 'state', state: start };
  for (const key of keys) if (effect.kind === 'state') effect = press(effect.state, key);
  return effect;
}

const armed = (scopes?: readonly Scope[]): QuestionState => arm(newQuestion(question(scopes)));
const toAllow = named('tab', 'tab', 'tab');

describe('allowing', () => {
  it('takes moving to Allow and Enter', () => {
    expect(pressing(armed(), [...toAllow, { name: 'enter' }])).toEqual({
      kind: 'answer',
      answer: { allow: true, scopes: ['diagnostics', 'shell'] },
    });
  });

  it('gives what is ticked and nothing else', () => {
    const untickShell = [...named('down'), ...typed(' ')];
    expect(pressing(armed(), [...untickShell, ...named('tab', 'tab', 'enter')])).toMatchObject({
      answer: { scopes: ['diagnostics'] },
    });
  });

  it('never includes administrator rights that were not ticked by hand', () => {
    expect(armed().ticked.has('shell.admin')).toBe(false);
    expect(pressing(armed(), [...named('up', 'up', 'up'), ...typed(' '), ...named('tab', 'enter')])).toMatchObject({
      answer: { scopes: ['diagnostics', 'shell', 'shell.admin'] },
    });
  });

  it('is not possible while nothing is ticked, and says so', () => {
    const effect = pressing(armed(['shell.admin']), named('tab', 'enter'));
    expect(effect).toMatchObject({ kind: 'state', state: { remark: expect.stringContaining('Nothing is ticked') } });
    expect(effect.kind === 'state' && effect.state.remark.length).toBeLessThan(60 - 2); // one row of a narrow window
  });

  it('is not possible before the question is armed, and says so', () => {
    const effect = pressing(newQuestion(question()), [...toAllow, { name: 'enter' }]);
    expect(effect).toMatchObject({ kind: 'state', state: { focus: 0, remark: expect.stringContaining('One moment') } });
  });

  it('cannot be done by typing or pasting prose into the wrong window', () => {
    const text = fc.string({ unit: fc.constantFrom(...'abc EAY\n 0123yes allow.,\n'), maxLength: 200 });
    fc.assert(
      fc.property(text, fc.boolean(), (prose, paste) => {
        const keys: Key[] = paste ? [{ name: 'paste', text: prose }, { name: 'enter' }] : typed(prose);
        const effect = pressing(armed(), keys);
        expect(effect.kind === 'answer' && effect.answer.allow).toBe(false);
      }),
    );
  });
});

describe('refusing', () => {
  it.each([['escape'], ['ctrl-c'], ['ctrl-d']] as const)('%s says no at once, armed or not', (key) => {
    expect(pressing(armed(), named(key))).toEqual({ kind: 'answer', answer: { allow: false } });
    expect(pressing(newQuestion(question()), named(key))).toEqual({ kind: 'answer', answer: { allow: false } });
  });

  it('q and the choice itself say no', () => {
    expect(pressing(armed(), typed('q'))).toMatchObject({ answer: { allow: false } });
    expect(pressing(armed(), named('up', 'enter'))).toMatchObject({ answer: { allow: false } });
  });
});

describe('every sequence of keys', () => {
  it('leads to scopes that were offered, in order, or leaves the question open', () => {
    const key: fc.Arbitrary<Key> = fc.oneof(
      fc
        .constantFrom<NamedKey>('tab', 'back-tab', 'up', 'down', 'left', 'right', 'enter', 'backspace', 'other')
        .map((name) => ({ name })),
      fc.constantFrom(' ', 'x').map((text) => ({ name: 'text' as const, text })),
    );
    fc.assert(
      fc.property(fc.array(key, { maxLength: 60 }), (keys) => {
        const effect = pressing(armed(), keys);
        if (effect.kind === 'state') expect(effect.state.armed).toBe(true);
        else if (effect.answer.allow) {
          expect(effect.answer.scopes.length).toBeGreaterThan(0);
          expect(
            ['diagnostics', 'shell', 'shell.admin'].filter(
              (scope) => effect.answer.allow && effect.answer.scopes.some((given) => given === scope),
            ),
          ).toEqual(effect.answer.scopes);
        }
      }),
    );
  });
});
