// Lengths of time as people write them in the policy: one whole number and its unit, `60s`, `2h`, `90d`.

import { z } from 'zod';

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const; // ms
const WRITTEN = /^(\d{1,9})([smhd])$/;

/**
 * A schema for a length of time between `min` and `max` (both as written, both allowed).
 *
 * @returns milliseconds
 */
export function duration(min: string, max: string) {
  const [least, most] = [milliseconds(min), milliseconds(max)];
  return z
    .union([z.string(), z.number()]) // a number without its unit gets a better answer than "put quotes round it"
    .transform((written, context) => {
      const value = typeof written === 'string' ? milliseconds(written) : null;
      if (value === null) {
        context.addIssue({
          code: 'custom',
          message: `${JSON.stringify(written)} is not a length of time`,
          params: { hint: `write a whole number and s, m, h or d, such as ${min}` },
        });
        return z.NEVER;
      }
      if (value < (least ?? 0) || value > (most ?? 0)) {
        context.addIssue({
          code: 'custom',
          message: `${written} is out of bounds`,
          params: { hint: `from ${min} to ${max}` },
        });
        return z.NEVER;
      }
      return value;
    })
    .meta({ type: 'string', pattern: WRITTEN.source, examples: [min, max] });
}

/** `ms` as a policy writes it, in the largest unit that gives a whole number. */
export function formatDuration(ms: number): string {
  for (const unit of ['d', 'h', 'm'] as const) {
    if (ms >= UNITS[unit] && ms % UNITS[unit] === 0) return `${ms / UNITS[unit]}${unit}`;
  }
  return `${Math.floor(ms / UNITS.s)}s`;
}

function milliseconds(written: string): number | null {
  const [, count, unit] = WRITTEN.exec(written) ?? [];
  if (count === undefined || (unit !== 's' && unit !== 'm' && unit !== 'h' && unit !== 'd')) return null;
  return Number(count) * UNITS[unit];
}
