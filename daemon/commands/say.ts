// `chaperoned say`: one line to whoever is connected. Exit code 1 when somebody cannot read it.

import { EXIT, UsageError } from '../../protocol/errors.ts';
import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';
import { saidInWords } from '../prompt/words.ts';
import { withDaemon } from './daemon-client.ts';

const TEXT_MAX = 2000; // characters, as on the control channel

export async function say(words: readonly string[]): Promise<void> {
  const text = sanitiseLine(words.join(' '), TEXT_MAX).trim();
  if (text === '') throw new UsageError('there is nothing to say', 'chaperoned say Please look at the printer too');
  const said = await withDaemon((client) => client.say(null, text));
  process.stdout.write(`${saidInWords(said)}\n`);
  if (said.reached.length === 0 || said.missed.length > 0) process.exitCode = EXIT.failure;
}
