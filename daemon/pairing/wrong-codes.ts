// How often a wrong code may be tried from one address or with one key: a token bucket for each. Guessing stays slow even
// for a technician's own key, while typing errors on a bad line do not lock anybody out.

/** `burst` wrong tries at once, then one more each `refillMs`. */
interface Rate {
  readonly burst: number;
  readonly refillMs: number;
}

const RATES = {
  key: { burst: 9, refillMs: 60_000 }, // three codes full of typing errors; then 2^24.5 codes take 45 years
  address: { burst: 18, refillMs: 30_000 }, // an office of several technicians behind one address
} as const satisfies Record<string, Rate>;
const SOURCES_MAX = 1000; // remembered at once; further ones share one bucket of each kind, which is never kinder

type Kind = keyof typeof RATES;

/** Who tries: the key that was proven, and where the connection comes from. */
export interface TrySource {
  readonly key: string;
  /** `host:port` */
  readonly address: string;
}

export interface Limited {
  readonly by: Kind;
  /** Until the next try may be made. */
  readonly waitMs: number;
}

export class WrongCodes {
  /** When each bucket is full again, by the monotonic clock; full ones are forgotten. */
  readonly #fullAt = new Map<string, number>();

  /** Buckets that are not full. */
  get size(): number {
    return this.#fullAt.size;
  }

  /** Why no try may be made now; null when one may. */
  limit(source: TrySource): Limited | null {
    const now = performance.now();
    for (const by of ['key', 'address'] as const) {
      const { burst, refillMs } = RATES[by];
      const fullAt = this.#fullAt.get(this.#bucket(by, source)) ?? now;
      const waitMs = fullAt - now - (burst - 1) * refillMs;
      if (waitMs > 0) {
        return { by, waitMs: Math.ceil(waitMs) };
      }
    }
    return null;
  }

  /** A wrong code was tried. */
  charge(source: TrySource): void {
    const now = performance.now();
    this.#forgetFull(now);
    for (const by of ['key', 'address'] as const) {
      const bucket = this.#bucket(by, source);
      this.#fullAt.set(bucket, Math.max(this.#fullAt.get(bucket) ?? now, now) + RATES[by].refillMs);
    }
  }

  #bucket(by: Kind, { key, address }: TrySource): string {
    const own = `${by} ${by === 'key' ? key : networkOf(address)}`;
    return this.#fullAt.has(own) || this.#fullAt.size < SOURCES_MAX ? own : `${by} of anybody else`;
  }

  #forgetFull(now: number): void {
    for (const [bucket, fullAt] of this.#fullAt) {
      if (fullAt <= now) {
        this.#fullAt.delete(bucket);
      }
    }
  }
}

/** The address without its port; of IPv6 the first 64 bits, which is what one customer has. */
function networkOf(address: string): string {
  const host = address.slice(0, address.lastIndexOf(':'));
  if (!host.includes(':') || host.includes('.')) {
    return host; // IPv4, also as ::ffff:192.0.2.1
  }
  const [head = '', tail] = host.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  return [...before, ...Array.from({ length: zeros }, () => '0'), ...after].slice(0, 4).join(':');
}
