// The one way in which measurements log in with ssh2: same algorithms, no Nagle delay, whoever serves.
import { once } from 'node:events';
import { createConnection } from 'node:net';
import type { Client, ConnectConfig } from 'ssh2';
import ssh2 from 'ssh2';

/** What both servers speak (DESIGN.md §5). */
const ALGORITHMS: NonNullable<ConnectConfig['algorithms']> = {
  kex: ['curve25519-sha256'],
  serverHostKey: ['ssh-ed25519'],
  cipher: ['aes256-gcm@openssh.com'],
  compress: ['none'],
};

const LOGIN_TIMEOUT_MS = 60_000;

export interface LogIn {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly privateKey: string;
  /** More settings and handlers, such as answers to keyboard-interactive. */
  readonly prepare?: (client: Client) => Partial<ConnectConfig>;
}

/** Resolves when the connection of a client has ended, whoever ended it. */
const closed = new WeakMap<Client, Promise<void>>();

/** A client that may open channels. @throws Error when the server does not let it in */
export async function logIn({ host, port, user, privateKey, prepare }: LogIn): Promise<Client> {
  const sock = createConnection({ host, port, noDelay: true });
  await once(sock, 'connect');
  const client = new ssh2.Client();
  const more = prepare?.(client) ?? {};
  const { promise, resolve, reject } = Promise.withResolvers<Client>();
  client.once('ready', () => resolve(client));
  client.on('error', reject); // once it is ready, the close that follows is told to whoever waits
  client.once('close', () => reject(new Error('the server closed the connection')));
  closed.set(client, new Promise((gone) => client.once('close', gone)));
  client.connect({ sock, username: user, privateKey, algorithms: ALGORITHMS, readyTimeout: LOGIN_TIMEOUT_MS, ...more });
  return promise;
}

/** Leaves, and waits until the connection is gone. */
export async function logOut(client: Client): Promise<void> {
  client.end();
  await closed.get(client);
}
