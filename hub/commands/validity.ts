// How long a certificate shall be good for, as people write it: 12h, 90d, 52w.

import { UsageError } from '../../protocol/errors.ts';

const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };
const LONGEST_MS = 3660 * 86_400_000; // ten years: longer is a slip

/** In milliseconds. @throws UsageError */
export function parseValidity(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,5})([hdw])$/.exec(text.trim()) ?? [];
  const length = Number(count) * (UNITS[unit] ?? 0);
  if (length <= 0 || length > LONGEST_MS) {
    throw new UsageError(
      `${JSON.stringify(text)} is not how long something holds`,
      'write 12h, 90d or 52w; at most ten years',
    );
  }
  return length;
}
