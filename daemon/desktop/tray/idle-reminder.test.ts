// A session that nobody uses, and the person who may have forgotten it.

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DANAS_SESSION as session } from '../../../test/prompt/in-memory-machine.ts';
import { IdleReminder } from './idle-reminder.ts';

const MINUTE_MS = 60_000;

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
