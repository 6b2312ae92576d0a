// The time, for countdowns.

import { useEffect, useState } from 'react';

const TICK_MS = 1000;

/**
 * Epoch milliseconds, drawn anew every second while `active`. Read at each drawing: a time kept since the last tick
 * would show more left of a minute that has just begun than a minute.
 */
export function useNow(active = true): number {
  const [, setTick] = useState(0);
  useEffect(() => {
    if (!active) return;
    const timer = setInterval(() => setTick((tick) => tick + 1), TICK_MS);
    return () => clearInterval(timer);
  }, [active]);
  return Date.now();
}
