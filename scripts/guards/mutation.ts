// Takes one guard out of a source text; loud when the text is not as the matrix says.

import type { Guard } from './guard.ts';

/** A row that does not fit the source any more. */
export class GuardNotThere extends Error {
  constructor({ name, file }: Guard, times: number) {
    super(
      `${name}: ${file} holds the guard's text ${times} times instead of once; bring its row in scripts/guards/ up to date`,
    );
  }
}

/** `source` without its guard. @throws GuardNotThere */
export function disabled(guard: Guard, source: string): string {
  const times = source.split(guard.find).length - 1;
  if (guard.find === '' || times !== 1) throw new GuardNotThere(guard, times);
  return source.replace(guard.find, () => guard.replace);
}
