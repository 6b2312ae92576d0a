// A permission is given by a key that came after the person could read what it gives, and by no burst of keys.

import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ALLOW_ARMS_AFTER_MS } from '../../protocol/consent.ts';
import { testTechnician } from '../session/test-session.ts';
import type { Key } from '../terminal/keys.ts';
import { OpenMenu } from './open-menu.ts';
import { permissionMenu } from './permission-menu.ts';

const ENTER: Key = { name: 'enter' };
const NOW = new Date().toISOString();
const SESSION = {
  id: '01890a5d-ac96-774b-bcce-b302099a8057',
  state: 'active' as const,
  because: '',
  technician: testTechnician(),
  reason: '',
  ticket: '',
  scopes: ['diagnostics' as const],
  addable: ['shell' as const],
  startedAt: NOW,
  expiresAt: NOW,
  recording: 'on' as const,
  channels: 1,
};

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** A list in which the only permission was chosen; painted when `painted` resolves. */
function chosen(painted: Promise<void> = Promise.resolve()): OpenMenu {
  const list = new OpenMenu({ paint: () => painted, onArmed: () => undefined });
  list.open(permissionMenu('allow', [SESSION]));
  list.press({ name: 'text', text: '4' });
  return list;
}

async function pass(ms: number): Promise<void> {
  await turn();
  vi.advanceTimersByTime(ms);
  await turn();
}

it('gives nothing for Enter in one burst with the choice, and gives it for one after that could be read', async () => {
  using list = chosen();
  expect(list.press(ENTER)).toBeNull();
  await pass(ALLOW_ARMS_AFTER_MS);
  expect(list.press(ENTER)).toMatchObject({ scope: 'shell' });
});

it('counts the time from when the choice was on the screen', async () => {
  const shown = Promise.withResolvers<void>();
  using list = chosen(shown.promise);
  await pass(ALLOW_ARMS_AFTER_MS);
  expect(list.menu?.armed).toBe(false);
  shown.resolve();
  await pass(ALLOW_ARMS_AFTER_MS);
  expect(list.menu?.armed).toBe(true);
});

it('begins the time anew with each key that comes too early', async () => {
  using list = chosen();
  await pass(ALLOW_ARMS_AFTER_MS - 1);
  expect(list.press(ENTER)).toBeNull();
  await pass(1);
  expect(list.press(ENTER)).toBeNull();
});

it('begins the time anew when a technician writes meanwhile, whatever was armed before', async () => {
  using list = chosen();
  await pass(ALLOW_ARMS_AFTER_MS);
  list.disturb();
  expect(list.press(ENTER)).toBeNull();
  await pass(ALLOW_ARMS_AFTER_MS);
  expect(list.press(ENTER)).toMatchObject({ scope: 'shell' });
});

it('closes for any other key', async () => {
  using list = chosen();
  await pass(ALLOW_ARMS_AFTER_MS);
  expect(list.press({ name: 'text', text: 'y' })).toBeNull();
  expect(list.menu).toBeNull();
});
