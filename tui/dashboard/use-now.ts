// The time, for countdowns.

import { useEffect, useState } from 'react';

const TICK_MS = 1000;

/** Epoch milliseconds, fresh every second while `active`. */
export function useNow(active = true): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!active) return;
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [active]);
  return now;
}
