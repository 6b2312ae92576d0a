// The connection to an X server: opened within a bound, and known to be gone however it goes.

import x11, { type XDisplay } from 'x11';

const CONNECT_MS = 5000; // a display that does not answer is none

export interface OpenDisplay {
  readonly display: XDisplay;
  /** Resolves when the X server is gone, by an orderly end or by a broken connection. */
  readonly gone: Promise<void>;
}

/** Rejects when no X server answers there. */
export function openDisplay(name: string): Promise<OpenDisplay> {
  const opened = Promise.withResolvers<XDisplay>();
  const gone = Promise.withResolvers<void>();
  const client = x11.createClient({ display: name }, (error, display) => {
    if (error === null || error === undefined) opened.resolve(display);
    else opened.reject(error);
  });
  // Heard from the first moment on: a server may go before anything was asked of it. One that is killed with requests
  // unread ends nothing: the connection breaks, and that comes among the errors of requests, which name an opcode.
  client.on('end', gone.resolve);
  client.on('error', (error) => {
    opened.reject(error);
    if (error.majorOpcode === undefined) gone.resolve();
  });
  const timer = setTimeout(() => {
    opened.reject(new Error('the X server does not answer'));
    client.terminate();
  }, CONNECT_MS);
  return opened.promise.then((display) => ({ display, gone: gone.promise })).finally(() => clearTimeout(timer));
}
