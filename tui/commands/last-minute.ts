// Tells a technician without the dashboard, which counts down, that the agreed time is nearly over.

import type { LiveSession } from '../connection/live-session.ts';
import { say } from './output.ts';

const WARNED_MS = 60_000; // enough to finish a sentence, and short enough to be believed

/** Says it once, also when the person makes the session shorter; a session of less than this was told its end at the start. */
export function warnOfEnd(session: Pick<LiveSession, 'snapshot' | 'onChange'>): Disposable {
  let { until } = session.snapshot();
  const timerFor = (): NodeJS.Timeout | undefined => {
    const inMs = until - WARNED_MS - Date.now();
    return inMs < 0 ? undefined : setTimeout(() => say('one minute left: then the session ends by itself'), inMs);
  };
  let timer = timerFor();
  const changes = session.onChange(() => {
    const now = session.snapshot();
    if (now.state !== 'ended' && now.until === until) return;
    clearTimeout(timer);
    until = now.until;
    timer = now.state === 'ended' ? undefined : timerFor();
  });
  return {
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      changes[Symbol.dispose]();
    },
  };
}
