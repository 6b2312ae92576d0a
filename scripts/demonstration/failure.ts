// What went otherwise than the demonstration promised, said so that someone can act on it.

import { ChaperoneError } from '../../protocol/errors.ts';

/** `expected` is a noun phrase or a sentence; `seen` is what was there instead, often a whole screen. */
export class NotAsPromised extends ChaperoneError {
  readonly seen: string;

  constructor(expected: string, seen: string, cause?: unknown) {
    super(`expected ${expected}`, { cause });
    this.seen = seen;
  }
}
