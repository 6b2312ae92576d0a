import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { LiveSession } from '../connection/live-session.ts';
import { warnOfEnd } from './last-minute.ts';

const MINUTE = 60_000;
let said: string;
beforeEach(() => {
  said = '';
  vi.useFakeTimers({ now: 0 });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function sessionOf(minutes: number) {
  let changed: () => void = () => undefined;
  const state = { state: 'active', until: minutes * MINUTE };
  return {
    change: (change: Partial<typeof state>) => {
      Object.assign(state, change);
      changed();
    },
    snapshot: () => ({ ...state }) as ReturnType<LiveSession['snapshot']>,
    onChange: (listener: () => void) => {
      changed = listener;
      return { [Symbol.dispose]: () => undefined };
    },
  };
}

it('says once that one minute is left, and nothing before', () => {
  using _ = warnOfEnd(sessionOf(3));
  vi.advanceTimersByTime(2 * MINUTE - 1);
  expect(said).toBe('');
  vi.advanceTimersByTime(MINUTE);
  expect(said.match(/one minute left/g)).toHaveLength(1);
});

it('follows a session that is made shorter', () => {
  const session = sessionOf(30);
  using _ = warnOfEnd(session);
  session.change({ until: 5 * MINUTE });
  vi.advanceTimersByTime(4 * MINUTE);
  expect(said).toContain('one minute left');
});

it.each([
  ['that is over', sessionOf(3), { state: 'ended' }] as const,
  ['of less than that', sessionOf(0.9), {}] as const,
])('is silent in a session %s', (_, session, change) => {
  using _warning = warnOfEnd(session);
  session.change(change);
  vi.advanceTimersByTime(10 * MINUTE);
  expect(said).toBe('');
});
