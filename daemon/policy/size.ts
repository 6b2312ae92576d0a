// Sizes as people write them in the policy: `512MiB`, `4GiB`. In bytes; decimal units are left out, so that nobody has
// to ask which of the two is meant.

import { Measure } from './measure.ts';

const SIZE = new Measure(
  { KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 },
  { what: 'a size', unitsInWords: 'KiB, MiB, GiB or TiB' },
);

/** A schema for a size between `min` and `max`; gives bytes. */
export function size(min: string, max: string) {
  return SIZE.between(min, max);
}

/** `bytes` as a policy writes it. */
export function formatSize(bytes: number): string {
  return SIZE.format(bytes);
}
