// Asks for the addresses of a name: this computer's own way first (what every program gets), then each name server.

import { lookup, Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';

const SERVER_TIMEOUT_MS = 2_000; // a healthy name server answers within 200 ms
const MAX_ADDRESSES = 20;

export interface Lookup {
  readonly addresses: readonly string[];
  /** Milliseconds. */
  readonly took: number;
  /** Why there are no addresses, in plain words. */
  readonly problem?: string;
}

/** What programs of this computer get: host file, directory and name servers, as the system is set up. */
export async function lookUpLikePrograms(host: string, signal: AbortSignal): Promise<Lookup> {
  // The C library's lookup cannot be stopped; it is left behind on abort and gives up by itself.
  return timed(async () => {
    const found = await unlessAborted(lookup(host, { all: true, order: 'verbatim' }), signal);
    return found.map((entry) => entry.address);
  });
}

/** What one name server says. `server` may carry a port: `127.0.0.1:5353`. */
export async function askNameServer(server: string, host: string, signal: AbortSignal): Promise<Lookup> {
  const resolver = new Resolver({ timeout: SERVER_TIMEOUT_MS, tries: 1 });
  resolver.setServers([isIP(server) === 6 ? `[${server}]` : server]);
  const cancel = () => resolver.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await timed(async () => {
      signal.throwIfAborted();
      if (isIP(host) !== 0) return await resolver.reverse(host);
      const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
      const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
      const failed = answers.find((answer) => answer.status === 'rejected');
      if (found.length === 0 && failed !== undefined) throw failed.reason;
      return found;
    });
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

async function timed(ask: () => Promise<string[]>): Promise<Lookup> {
  const started = performance.now();
  const took = () => Math.round((performance.now() - started) * 10) / 10;
  try {
    return { addresses: [...new Set(await ask())].slice(0, MAX_ADDRESSES), took: took() };
  } catch (error) {
    return { addresses: [], took: took(), problem: explain(error) };
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the name is not known',
  ENODATA: 'the name has no address',
  ESERVFAIL: 'the name server could not find out',
  EREFUSED: 'the name server refuses to answer',
  ECONNREFUSED: 'no name server there',
  ETIMEOUT: 'no answer',
  EAI_AGAIN: 'no name server answers',
  EAI_NODATA: 'the name has no address',
};

function explain(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown trouble';
  return REASONS[code] ?? code;
}

/** Settles like `work`, or rejects as soon as the signal does. */
export async function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
