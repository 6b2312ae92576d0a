// The daemon's end of the local socket: lets the local user's programs in, and not too many of them.

import { createServer } from 'node:net';
import { LocalConnection } from './connection.ts';
import type { LocalControls } from './controls.ts';
import { claimSocket } from './socket-path.ts';

const PROGRAMS_MAX = 32; // connections at once; a person has a handful of windows

export interface ServeLocalOptions {
  /** Hears of programs that were thrown out and of faults of the daemon, for its log. */
  readonly onTrouble?: (words: string, problem?: unknown) => void;
}

/**
 * Serves `controls` at `path` until disposed; disposing sends what waits, closes every
 * connection and removes the socket.
 *
 * @throws DaemonAlreadyRunning when another daemon answers there, SocketUnusable when it cannot be made
 */
export async function serveLocal(
  path: string,
  controls: LocalControls,
  { onTrouble = () => undefined }: ServeLocalOptions = {},
): Promise<AsyncDisposable> {
  const connections = new Set<LocalConnection>();
  const server = createServer((socket) => {
    if (connections.size >= PROGRAMS_MAX) {
      socket.destroy();
      onTrouble('too many programs use the local socket; one was turned away');
      return;
    }
    const connection = new LocalConnection(socket, controls, onTrouble);
    connections.add(connection);
    socket.once('close', () => connections.delete(connection));
  });
  const claim = await claimSocket(server, path);
  server.on('error', (problem) => onTrouble('the local socket has trouble', problem));
  return {
    [Symbol.asyncDispose]: async () => {
      claim[Symbol.dispose]();
      const closed = new Promise((resolve) => server.close(resolve));
      await Promise.all([...connections].map((connection) => connection.finish()));
      await closed;
    },
  };
}
