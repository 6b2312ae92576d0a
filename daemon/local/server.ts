// The daemon's end of the local socket: lets the local user's programs in, and not too many of them.

import { createServer, type Server } from 'node:net';
import type { PromptPlace } from '../consent/desk.ts';
import { LocalConnection } from './connection.ts';
import type { LocalControls } from './controls.ts';
import { claimSocket } from './socket-path.ts';

const PROGRAMS_MAX = 32; // connections at once; a person has a handful of windows

export interface ServeLocalOptions {
  /** Hears of programs that were thrown out and of faults of the daemon, for its log. */
  readonly onTrouble?: (words: string, problem?: unknown) => void;
  /** Where the person is who reaches this socket. @default here */
  readonly place?: PromptPlace;
  /** Makes the server listen at the path. @default in a directory that is the daemon's user's alone */
  readonly claim?: (server: Server, path: string) => Promise<Disposable>;
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
  { onTrouble = () => undefined, claim: claimPath = claimSocket, place = 'here' }: ServeLocalOptions = {},
): Promise<AsyncDisposable> {
  const connections = new Set<LocalConnection>();
  const server = createServer((socket) => {
    if (connections.size >= PROGRAMS_MAX) {
      socket.destroy();
      onTrouble('too many programs use the local socket; one was turned away');
      return;
    }
    const connection = new LocalConnection(socket, controls, onTrouble, place);
    connections.add(connection);
    socket.once('close', () => connections.delete(connection));
  });
  const claim = await claimPath(server, path);
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
