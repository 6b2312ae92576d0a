// A session that nobody uses, and the person who may have forgotten it.

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DANA } from '../../../test/prompt/in-memory-machine.ts';
import type { SessionView } from '../../local/controls.ts';
import { IdleReminder } from './idle-reminder.ts';

const MINUTE_MS = 60_000;
const session: SessionView = {
  id: '01900000-0000-7000-8000-000000000000',
  state: 'active',
  because: '',
  technician: DANA,
  reason: 'x',
  ticket: 'T-1',
  scopes: ['diagnostics'],
  startedAt: '2026-11-22T10:00:00.000Z',
  expiresAt: '2026-11-22T12:00:00.000Z',
  recording: 'on',
  channels: 1,
};

let told: string[];
let reminder: IdleReminder;
beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  reminder = new IdleReminder((name) => told.push(name), 5 * MINUTE_MS);
});
afterEach(() => {
  reminder[Symbol.dispose]();
  vi.useRealTimers();
});

it('the person is reminded of a session in which nothing happens, again and again, until something does', () => {
  reminder.onSession(session);
  vi.advanceTimersByTime(4 * MINUTE_MS);
  reminder.onActivity(session.id);
  vi.advanceTimersByTime(4 * MINUTE_MS);
  expect(told).toEqual([]);
  vi.advanceTimersByTime(MINUTE_MS);
  expect(told).toEqual(['Dana Roe']);
  vi.advanceTimersByTime(5 * MINUTE_MS);
  expect(told).toEqual(['Dana Roe', 'Dana Roe']);
});

it('a session that is paused or over reminds nobody', () => {
  reminder.onSession(session);
  reminder.onSession({ ...session, state: 'paused' });
  vi.advanceTimersByTime(20 * MINUTE_MS);
  reminder.onSession(session);
  reminder.onSession({ ...session, state: 'ended' });
  vi.advanceTimersByTime(20 * MINUTE_MS);
  expect(told).toEqual([]);
});
