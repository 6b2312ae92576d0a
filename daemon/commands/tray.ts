// `chaperoned tray`: the person's desktop program, until the desktop, the daemon or the person ends it.

import { runTray } from '../desktop/tray-program.ts';
import { DaemonLost } from '../local/errors.ts';
import { withDaemon } from './daemon-client.ts';

export async function tray(): Promise<void> {
  const stopped = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => stopped.abort());
  const why = await withDaemon((client) => runTray(client, process.env, stopped.signal));
  if (why === 'daemon lost') throw new DaemonLost();
}
