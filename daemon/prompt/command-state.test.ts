// A suggested command on the screen: stray typing declines, and what is approved is what was shown, all of it.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellWidth } from '../../protocol/terminal/sgr.ts';
import type { CommandQuestion } from '../consent/command-question.ts';
import { testTechnician } from '../session/test-session.ts';
import type { Key } from '../terminal/keys.ts';
import { plainText, renderLine } from '../terminal/line.ts';
import { commandScreen } from './command-screen.ts';
import { type CommandEffect, type CommandState, newCommand, pressCommand } from './command-state.ts';
import { armMenu, menuWords, permissionMenu, pressMenu } from './permission-menu.ts';

const QUESTION: CommandQuestion = {
  id: '0198c0de-0000-7000-8000-000000000001',
  machine: { id: '482913077', name: 'front-desk-2', hipaa: true },
  technician: testTechnician(),
  reason: 'to see whether the printer service runs',
  command: 'systemctl status cups',
  how: 'program',
  risk: 'reads',
  touches: [],
  digest: 'a'.repeat(64),
  similar: 'systemctl status (any name)',
  edited: false,
  limitMs: 120_000,
  notices: [],
  until: new Date(Date.now() + 60_000).toISOString(),
  armsAfterMs: 1500,
};

function type(state: CommandState, ...names: string[]): CommandEffect {
  let effect: CommandEffect = { kind: 'state', state };
  for (const name of names) {
    if (effect.kind === 'answer') return effect;
    const key = (name.length === 1 ? { name: 'text', text: name } : { name }) as Key;
    effect = pressCommand(effect.state, key);
  }
  return effect;
}

const armed = { ...newCommand(QUESTION), armed: true };

describe('a suggested command', () => {
  it('is declined by Enter, Esc and q as it first stands', () => {
    for (const key of ['enter', 'escape', 'q', 'ctrl-c']) {
      expect(type(armed, key)).toEqual({ kind: 'answer', answer: { answer: 'decline' } });
    }
  });

  it('is approved under the digest that was shown', () => {
    expect(type(armed, 'tab', 'enter')).toEqual({
      kind: 'answer',
      answer: { answer: 'approve', digest: QUESTION.digest, similar: false },
    });
    expect(type(armed, 'tab', 'tab', 'enter')).toMatchObject({ answer: { similar: true } });
  });

  it('is never approved before it could be read', () => {
    expect(type(newCommand(QUESTION), 'tab', 'enter', 'tab', 'enter', ' ', 'y')).toMatchObject({ kind: 'state' });
  });

  it('is never approved by typing words and Enter', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'y', ' ', 'e', 'enter', 'backspace'), { maxLength: 30 }), (keys) => {
        const effect = type(armed, ...keys);
        if (effect.kind === 'answer') expect(effect.answer.answer).toBe('decline');
      }),
    );
  });

  it('is changed into the person’s own version', () => {
    const effect = type(armed, 'tab', 'tab', 'tab', 'enter', 'backspace', 'x', 'enter');
    expect(effect).toEqual({ kind: 'answer', answer: { answer: 'edit', command: 'systemctl status cupx' } });
    expect(type(armed, 'tab', 'tab', 'tab', 'enter', 'escape')).toMatchObject({ state: { choice: 'decline' } });
  });

  it('is not said to cover similar ones where it covers itself alone', () => {
    const size = { cols: 80, rows: 24 };
    const shown = (similar: string) =>
      commandScreen({ ...armed, command: { ...QUESTION, similar } }, 1000, size)
        ?.map(plainText)
        .join('\n');
    expect(shown('systemctl status (any name)')).toContain('Run it, and similar ones');
    expect(shown(QUESTION.command)).toContain('Run it, also when asked again');
    expect(shown(QUESTION.command)).not.toMatch(/similar/i);
  });

  it('is shown as a whole or not at all', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 36, max: 150 }),
        fc.integer({ min: 10, max: 50 }),
        fc.string({ minLength: 1, maxLength: 1000, unit: fc.constantFrom('a', ' ', '/', '-', 'é', '日') }),
        (cols, rows, command) => {
          const screen = commandScreen({ ...armed, command: { ...QUESTION, command } }, 1000, { cols, rows });
          if (screen === null) return;
          expect(screen.length).toBeLessThanOrEqual(rows);
          for (const line of screen) expect(cellWidth(renderLine(line, cols, true))).toBeLessThanOrEqual(cols);
          const shown = screen.map(plainText).join('').replaceAll(' ', '');
          expect(shown).toContain(command.replaceAll(' ', ''));
          expect(shown).toContain('✓Itonlylooks');
        },
      ),
    );
  });
});

describe('the list of permissions', () => {
  const session = {
    id: QUESTION.id,
    state: 'active' as const,
    because: '',
    technician: QUESTION.technician,
    reason: '',
    ticket: '',
    scopes: ['diagnostics' as const],
    addable: ['shell' as const],
    startedAt: QUESTION.until,
    expiresAt: QUESTION.until,
    recording: 'on' as const,
    channels: 1,
  };

  it('takes back by a number alone', () => {
    const menu = permissionMenu('withdraw', [session]);
    expect(menu && pressMenu(menu, { name: 'text', text: '1' })).toMatchObject({
      kind: 'do',
      entry: { scope: 'diagnostics' },
    });
  });

  it('gives each permission one number, whatever else is held, and asks first whose when there are several', () => {
    const other = { ...session, id: 'other', technician: { ...session.technician, name: 'Kim Low' } };
    const shell: Key = { name: 'text', text: '4' };
    const lone = permissionMenu('allow', [{ ...session, addable: ['shell.suggest', 'shell'] }]);
    expect(lone && pressMenu(lone, shell)).toMatchObject({ menu: { chosen: { scope: 'shell' } } });
    const both = permissionMenu('allow', [session, other]);
    expect(both && menuWords(both)).toContain('2 Kim Low');
    const whose = both && pressMenu(both, { name: 'text', text: '2' });
    if (whose?.kind !== 'menu') throw new Error('it did not ask what');
    expect(pressMenu(whose.menu, shell)).toMatchObject({ menu: { chosen: { session: 'other', scope: 'shell' } } });
    expect(pressMenu(whose.menu, { name: 'text', text: '1' })).toEqual({ kind: 'closed' });
  });

  it('allows only after Enter as well, once the choice could be read', () => {
    const menu = permissionMenu('allow', [session]);
    const chosen = menu && pressMenu(menu, { name: 'text', text: '4' });
    if (chosen?.kind !== 'menu') throw new Error('it was not asked again');
    expect(pressMenu(chosen.menu, { name: 'enter' })).toMatchObject({ kind: 'menu', menu: { armed: false } });
    const armed = armMenu(chosen.menu);
    expect(pressMenu(armed, { name: 'text', text: 'y' })).toEqual({ kind: 'closed' });
    expect(pressMenu(armed, { name: 'enter' })).toMatchObject({ kind: 'do', entry: { scope: 'shell' } });
  });
});
