// Asks the running daemon something and hangs up.

import { daemonSocketPath } from '../console/console-path.ts';
import { connectLocal, type LocalClient } from '../local/client.ts';

/** Runs `use` with a connection to the daemon, which is closed afterwards. @throws DaemonNotRunning */
export async function withDaemon<T>(use: (client: LocalClient) => Promise<T>): Promise<T> {
  using client = await connectLocal(daemonSocketPath());
  return await use(client);
}
