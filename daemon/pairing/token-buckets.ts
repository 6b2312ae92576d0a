// How often something may be done, for each of many who do it: a token bucket with a name.

/** `burst` times at once, then once more each `refillMs`. */
export interface Rate {
  readonly burst: number;
  readonly refillMs: number;
}

const BUCKETS_MAX = 500; // remembered at once; further names share one, which is never kinder
const ANYBODY_ELSE = '';

export class TokenBuckets {
  readonly #rate: Rate;
  /** When each bucket is full again, by the monotonic clock; full ones are forgotten. */
  readonly #fullAt = new Map<string, number>();

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  /** Buckets that are not full. */
  get size(): number {
    return this.#fullAt.size;
  }

  /** Until `name` may do it, in ms; 0 when it may now. */
  waitMs(name: string): number {
    const now = performance.now();
    const fullAt = this.#fullAt.get(this.#bucket(name)) ?? now;
    return Math.max(0, Math.ceil(fullAt - now - (this.#rate.burst - 1) * this.#rate.refillMs));
  }

  /** `name` has done it. */
  charge(name: string): void {
    const now = performance.now();
    this.#forgetFull(now);
    const bucket = this.#bucket(name);
    this.#fullAt.set(bucket, Math.max(this.#fullAt.get(bucket) ?? now, now) + this.#rate.refillMs);
  }

  #bucket(name: string): string {
    return this.#fullAt.has(name) || this.#fullAt.size < BUCKETS_MAX ? name : ANYBODY_ELSE;
  }

  #forgetFull(now: number): void {
    for (const [bucket, fullAt] of this.#fullAt) {
      if (fullAt <= now) {
        this.#fullAt.delete(bucket);
      }
    }
  }
}
