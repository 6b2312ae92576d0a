// `chaperoned pause | resume | end`: one session, or all.

import { UsageError } from '../../protocol/errors.ts';
import type { LocalClient } from '../local/client.ts';
import type { SessionAction } from '../prompt/answer-news.ts';
import { stateInWords, whoIs } from '../prompt/words.ts';
import { withDaemon } from './daemon-client.ts';
import { type OutputOptions, print } from './output.ts';

export async function actOnSessions(
  action: SessionAction,
  session: string | undefined,
  options: OutputOptions,
): Promise<void> {
  const [touched, present] = await withDaemon(async (client) => {
    const changed = await client[action](session === undefined ? null : await resolveSession(client, session));
    return [changed, changed.length > 0 ? changed : (await client.status()).sessions] as const;
  });
  // Where nothing changed, those who are connected are named: "nobody" would be a lie.
  const lines = present.map((each) => `${whoIs(each.technician)}: ${stateInWords(each)}`);
  const nothing = touched.length === 0 && (action === 'resume' || lines.length === 0);
  print(options, touched, nothing ? [NOTHING[action]] : lines);
}

const NOTHING: Readonly<Record<SessionAction, string>> = {
  pause: 'Nobody is connected, so there is nothing to pause.',
  resume: 'No session is paused.',
  end: 'Nobody is connected, so there is nothing to end.',
};

/** The whole ID of the session that begins with `start`. */
export async function resolveSession(client: LocalClient, start: string): Promise<string> {
  const { sessions } = await client.status();
  const found = sessions.filter(({ id }) => id.startsWith(start.toLowerCase()));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only.id;
  throw new UsageError(
    found.length === 0 ? `no session begins with ${JSON.stringify(start)}` : `several sessions begin with ${start}`,
    'chaperoned status lists them',
  );
}
