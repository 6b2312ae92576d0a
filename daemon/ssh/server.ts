// Where technicians' programs arrive: a small pre-authentication surface, bounded in number and time.

import { once } from 'node:events';
import { createServer, type Socket, type Server as TcpServer } from 'node:net';
import ssh2, { type ServerConfig } from 'ssh2';
import { ChaperoneError, EXIT } from '../../protocol/errors.ts';
import type { Certificate } from '../../protocol/identity/certificate.ts';
import { SERVER_SOFTWARE } from '../../protocol/ssh-software.ts';
import type { ListenAddress } from '../policy/listen-address.ts';
import { ALGORITHMS } from './algorithms.ts';
import { TechnicianConnection } from './connection.ts';
import { certifiedHostKey, presentHostCertificate } from './host-certificate.ts';

const CONNECTIONS_MAX = 64; // at once: sessions, and those who never prove a key
const BANNER_MS = 10_000; // from TCP to the SSH banner; programs send it at once
const KEEPALIVE_MS = 15_000; // a technician whose computer vanished is noticed within three of these
const KEEPALIVE_MISSES = 3;

export interface SshServerOptions {
  /** OpenSSH private key text. */
  readonly hostKey: string;
  /** By which an organisation vouches for that key; null without. */
  readonly hostCertificate: Certificate | null;
  readonly listen: readonly ListenAddress[];
  readonly onConnection: (connection: TechnicianConnection) => void;
  /** Something arrived that never became a connection: from where, and why. */
  readonly onRefused: (address: string, reason: string) => void;
}

export interface RunningSshServer extends AsyncDisposable {
  /** `host:port`, with the real port where the policy said 0. */
  readonly addresses: readonly string[];
}

/** Listens on every address, or on none. @throws AddressTaken */
export async function serveSsh(options: SshServerOptions): Promise<RunningSshServer> {
  const arrivals = new Map<string, Socket>();
  const ssh = new ssh2.Server({
    hostKeys: hostKeysOf(options),
    ident: SERVER_SOFTWARE,
    algorithms: ALGORITHMS,
    keepaliveInterval: KEEPALIVE_MS,
    keepaliveCountMax: KEEPALIVE_MISSES,
  });
  ssh.on('connection', (client, info) => {
    const socket = arrivals.get(`${info.ip}:${info.port}`);
    if (socket === undefined) {
      client.end();
      return;
    }
    socket.emit(BANNER_SEEN);
    try {
      const connection = new TechnicianConnection(client, socket, info);
      if (options.hostCertificate !== null) {
        presentHostCertificate(client, options.hostCertificate, connection.structured);
      }
      options.onConnection(connection);
    } catch (error) {
      options.onRefused(info.ip, error instanceof Error ? error.message : 'unknown');
      socket.destroy();
    }
  });

  const arrive = (socket: Socket) => {
    const address = `${socket.remoteAddress}:${socket.remotePort}`;
    if (arrivals.size >= CONNECTIONS_MAX) {
      options.onRefused(address, `there are ${CONNECTIONS_MAX} connections already`);
      socket.destroy();
      return;
    }
    arrivals.set(address, socket);
    socket.setNoDelay(true);
    const impatience = setTimeout(() => {
      options.onRefused(address, 'it did not speak SSH in time');
      socket.destroy();
    }, BANNER_MS);
    socket.once(BANNER_SEEN, () => clearTimeout(impatience));
    socket.once('close', () => {
      clearTimeout(impatience);
      arrivals.delete(address);
    });
    ssh.injectSocket(socket);
  };

  const listeners: TcpServer[] = [];
  const close = async () => {
    for (const socket of arrivals.values()) {
      socket.destroy();
    }
    await Promise.all(listeners.map((listener) => new Promise((resolve) => listener.close(resolve))));
  };
  try {
    for (const address of options.listen) {
      listeners.push(await listen(address, arrive));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { addresses: listeners.map(addressOf), [Symbol.asyncDispose]: close };
}

function hostKeysOf({ hostKey, hostCertificate }: SshServerOptions): ServerConfig['hostKeys'] {
  const key = ssh2.utils.parseKey(hostKey);
  if (key instanceof Error) {
    throw new ChaperoneError('the host key cannot be read', { cause: key });
  }
  return hostCertificate === null ? [hostKey] : [certifiedHostKey(key, hostCertificate), hostKey];
}

const BANNER_SEEN = 'chaperone:banner';

const ELSEWHERE = 'this computer has no such address';
const HINTS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is another chaperoned running?',
  EADDRNOTAVAIL: ELSEWHERE,
  ENOTFOUND: ELSEWHERE,
  EACCES: 'ports below 1024 belong to the administrator',
};

/** A policy names an address that cannot be listened on. */
export class AddressTaken extends ChaperoneError {
  constructor({ host, port }: ListenAddress, cause: unknown) {
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason';
    super(`cannot listen on ${host}:${port} (${why})`, {
      exitCode: EXIT.failure,
      cause,
      hint: `${HINTS[why] ?? 'look at the address'}; choose another one under \`listen\` in the policy`,
    });
  }
}

async function listen(address: ListenAddress, arrive: (socket: Socket) => void): Promise<TcpServer> {
  const server = createServer({ pauseOnConnect: false }, arrive);
  server.listen({ host: address.host, port: address.port });
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new AddressTaken(address, cause);
  }
  return server;
}

function addressOf(server: TcpServer): string {
  const bound = server.address();
  if (bound === null || typeof bound === 'string') {
    return 'unknown';
  }
  return bound.family === 'IPv6' ? `[${bound.address}]:${bound.port}` : `${bound.address}:${bound.port}`;
}
