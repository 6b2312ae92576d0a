// Asks the running daemon something and hangs up.

import { connectLocal, type LocalClient } from '../local/client.ts';
import { localSocketPath } from '../local/socket-path.ts';

/** Runs `use` with a connection to the daemon, which is closed afterwards. @throws DaemonNotRunning */
export async function withDaemon<T>(use: (client: LocalClient) => Promise<T>): Promise<T> {
  using client = await connectLocal(localSocketPath());
  return await use(client);
}
