// Lengths of time as people write them in the policy: `60s`, `2h`, `90d`. In ms.

import { Measure } from './measure.ts';

const TIME = new Measure(
  { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 },
  { what: 'a length of time', unitsInWords: 's, m, h or d' },
);

/** A schema for a length of time between `min` and `max`; gives milliseconds. */
export function duration(min: string, max: string) {
  return TIME.between(min, max);
}

/** `ms` as a policy writes it. */
export function formatDuration(ms: number): string {
  return TIME.format(ms);
}
