// What a person should know when a window of theirs has closed: whether somebody is still connected.

import { withDaemon } from './daemon-client.ts';

/** Prints `sentence` and how it stands with the sessions now. A session that no window shows any more was ended. */
export async function sayWhatGoesOn(sentence: string): Promise<void> {
  let live = 0;
  try {
    const { sessions } = await withDaemon((client) => client.status());
    live = sessions.filter(({ state }) => state !== 'ended').length;
  } catch {
    // The daemon has stopped meanwhile, and with it every session.
  }
  const rest = live === 0 ? 'Nobody is connected.' : 'The session goes on. To end it: chaperoned end';
  process.stdout.write(`${sentence} ${rest}\n`);
}
