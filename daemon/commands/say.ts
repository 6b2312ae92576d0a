// `chaperoned say`: one line to whoever is connected.

import { UsageError } from '../../protocol/errors.ts';
import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';
import { withDaemon } from './daemon-client.ts';

const TEXT_MAX = 2000; // characters, as on the control channel

export async function say(words: readonly string[]): Promise<void> {
  const text = sanitiseLine(words.join(' '), TEXT_MAX).trim();
  if (text === '') throw new UsageError('there is nothing to say', 'chaperoned say Please look at the printer too');
  const live = await withDaemon(async (client) => {
    const { sessions } = await client.status();
    if (sessions.length > 0) await client.say(null, text);
    return sessions.length;
  });
  process.stdout.write(live === 0 ? 'Nobody is connected, so nobody read it.\n' : 'Sent.\n');
}
