// `chaperoned prompt`: questions in this window, until it is closed.

import { DaemonLost } from '../local/errors.ts';
import { modeFor, ownTerminal } from '../terminal/local-terminal.ts';
import { withDaemon } from './daemon-client.ts';
import { sayWhatGoesOn } from './what-goes-on.ts';

export async function prompt(options: { readonly plain?: boolean }): Promise<void> {
  ownTerminal(); // before anything else: without a terminal nobody could read the question
  const plain = modeFor(options.plain ?? false) === 'lines';
  const run = plain
    ? (await import('../prompt/plain.ts')).runPlainPrompt
    : (await import('../prompt/full-screen.ts')).runFullScreenPrompt;
  const why = await withDaemon(run);
  if (why === 'daemon lost') throw new DaemonLost();
  await sayWhatGoesOn('Questions are not shown in this window any more.');
}
