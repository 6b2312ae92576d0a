// How often a wrong code may be tried from one address or with one key: a token bucket for each. Guessing stays slow even
// for a technician's own key, while typing errors on a bad line do not lock anybody out.

import { type Rate, TokenBuckets } from './token-buckets.ts';

const RATES = {
  key: { burst: 9, refillMs: 60_000 }, // three codes full of typing errors; then 2^24.5 codes take 45 years
  address: { burst: 18, refillMs: 30_000 }, // an office of several technicians behind one address
} as const satisfies Record<Kind, Rate>;
const KINDS = ['key', 'address'] as const;

type Kind = (typeof KINDS)[number];

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
  readonly #buckets = { key: new TokenBuckets(RATES.key), address: new TokenBuckets(RATES.address) };

  /** Buckets that are not full. */
  get size(): number {
    return this.#buckets.key.size + this.#buckets.address.size;
  }

  /** Why no try may be made now; null when one may. */
  limit(source: TrySource): Limited | null {
    for (const by of KINDS) {
      const waitMs = this.#buckets[by].waitMs(nameOf(by, source));
      if (waitMs > 0) {
        return { by, waitMs };
      }
    }
    return null;
  }

  /** A wrong code was tried. */
  charge(source: TrySource): void {
    for (const by of KINDS) {
      this.#buckets[by].charge(nameOf(by, source));
    }
  }
}

function nameOf(by: Kind, { key, address }: TrySource): string {
  return by === 'key' ? key : networkOf(address);
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
