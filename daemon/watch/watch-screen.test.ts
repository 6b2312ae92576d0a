// In a narrow window the person still sees every key that works, and all of what they choose from.

import { expect, it } from 'vitest';
import { unstyled } from '../../protocol/terminal/sgr.ts';
import type { SessionView } from '../local/controls.ts';
import { menuWords, permissionMenu } from '../prompt/permission-menu.ts';
import type { WatchedSession } from './model.ts';
import { watchScreen } from './watch-screen.ts';

const NOW = Date.parse('2026-11-22T12:00:00.000Z');
const session: SessionView = {
  id: '01990000-0000-7000-8000-000000000000',
  state: 'active',
  because: '',
  technician: {
    name: 'Dana Roe',
    role: 'technician',
    phone: '+1 555 0177',
    organisation: null,
    keyFingerprint: `SHA256:${'A'.repeat(43)}`,
    verifiedBy: 'listed',
  },
  reason: 'The printer does not answer',
  ticket: 'T-17',
  scopes: ['diagnostics', 'shell.suggest', 'shell', 'reboot'],
  addable: ['shell.readonly'],
  startedAt: '2026-11-22T11:00:00.000Z',
  expiresAt: '2026-11-22T13:00:00.000Z',
  recording: 'on',
  channels: 1,
};

interface Given {
  readonly remark?: string;
  readonly chat?: string;
  readonly cols?: number;
  readonly shells?: readonly number[];
}

const frame = { cols: 120, rows: 30, lines: [], cursor: { x: 0, y: 0, visible: false } };

function shown(rows: number, given: Given = {}): string {
  const selected: WatchedSession = {
    view: session,
    shells: new Map((given.shells ?? []).map((shell) => [shell, frame])),
    shell: given.shells?.at(-1) ?? null,
    lines: ['One.', 'Two.'],
    receipt: null,
  };
  const view = { machine: 'front-desk-2', sessions: [selected], selected };
  const rest = { receipt: null, scroll: 0, chat: given.chat ?? null, remark: given.remark ?? '', now: NOW };
  const screen = watchScreen({ ...view, ...rest }, { cols: given.cols ?? 60, rows }, false);
  expect(screen.rows.length).toBeLessThanOrEqual(rows);
  return screen.rows.map(unstyled).join('\n');
}

it('shows every key and every permission in 60 columns', () => {
  for (const cols of [54, 55, 56, 57, 58, 59]) expect(shown(15, { cols })).not.toContain('…');
  const screen = shown(15);
  for (const words of ['P  Pause', 'E  End now', 'C  Write', 'W  Take back', 'A  Allow more', 'Q  Leave'])
    expect(screen).toContain(words);
  expect(screen).not.toContain('…');
  expect(screen.replace(/\n */g, ' ')).toMatch(/suggest commands, type commands, restart and\s+return/);
});

it('cuts off nothing of a list to choose from, and leaves the keys below it', () => {
  const menu = permissionMenu('withdraw', [session]);
  const remark = menu === null ? '' : menuWords(menu);
  expect(shown(15, { remark }).replace(/ *\n */g, ' ')).toContain(remark);
  expect(shown(10, { remark })).toContain('E  End now');
});

it('shows the end of what is being written', () => {
  expect(shown(15, { chat: `${'Far too long. '.repeat(9)}Is it well?` })).toContain('Is it well?');
});

it('counts the windows as the person does, also those of suggested commands', () => {
  const screen = shown(24, { cols: 80, shells: [1, 1001] });
  expect(screen).toContain('window 2 of 2 · what they see · without its right edge: theirs is 120×30');
});
