// Opens a TCP connection and closes it at once: nothing is sent, the answer alone tells whether something is there.

import { connect } from 'node:net';

const CONNECT_TIMEOUT_MS = 4_000;

export interface ConnectAnswer {
  /** `refused` proves that the host is reachable and nobody listens on that port. */
  readonly result: 'open' | 'refused' | 'no answer' | 'unreachable';
  /** Milliseconds. */
  readonly took: number;
}

/** `address` is a literal address. Rejects only on abort. */
export async function tryConnect(address: string, port: number, signal: AbortSignal): Promise<ConnectAnswer> {
  signal.throwIfAborted();
  const started = performance.now();
  const { promise, resolve, reject } = Promise.withResolvers<ConnectAnswer['result']>();
  const socket = connect({ host: address, port });
  const stop = () => reject(signal.reason);
  const timer = setTimeout(() => resolve('no answer'), CONNECT_TIMEOUT_MS);
  signal.addEventListener('abort', stop, { once: true });
  socket.once('connect', () => resolve('open'));
  socket.on('error', (error) => resolve('code' in error && error.code === 'ECONNREFUSED' ? 'refused' : 'unreachable'));
  try {
    const result = await promise;
    return { result, took: Math.round((performance.now() - started) * 10) / 10 };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    socket.destroy();
  }
}
