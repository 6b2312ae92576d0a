// A window of the person from opening to closing, and what they should know then: whether somebody is still connected.

import type { LocalClient } from '../local/client.ts';
import { DaemonLost } from '../local/errors.ts';
import { withDaemon } from './daemon-client.ts';

type Window = (client: LocalClient) => Promise<'closed' | 'daemon lost'>;

/**
 * Runs `window` until it is closed, then prints `sentence` and how it stands with the sessions. The daemon answers that
 * after it has closed the window on its side, and with the last window every session has ended.
 *
 * @throws DaemonLost when the daemon went away first
 */
export async function runWindow(window: Window, sentence: string): Promise<void> {
  const goesOn = await withDaemon(async (client) => {
    if ((await window(client)) === 'daemon lost') throw new DaemonLost();
    // A daemon that has stopped meanwhile has ended every session.
    const left = await client.leave().catch(() => null);
    return left?.sessions.some(({ state }) => state !== 'ended') ?? false;
  });
  const rest = goesOn ? 'The session goes on. To end it: chaperoned end' : 'Nobody is connected.';
  process.stdout.write(`${sentence} ${rest}\n`);
}
