// How often one key may come to the door. Each time is written down before anything is asked, so that a stolen key or a
// program gone wild could otherwise fill the disk and the log.

import { TokenBuckets } from './token-buckets.ts';

const RATE = { burst: 120, refillMs: 10_000 }; // a busy day of a help desk in a minute; then 17,000 entries a day at most

export class Arrivals {
  readonly #buckets = new TokenBuckets(RATE);

  /** Whether `key` is let in. Being turned away costs it nothing. */
  admit(key: string): boolean {
    const admitted = this.#buckets.waitMs(key) === 0;
    if (admitted) {
      this.#buckets.charge(key);
    }
    return admitted;
  }
}
