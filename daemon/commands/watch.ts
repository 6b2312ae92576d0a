// `chaperoned watch`: what the technician sees and does, read-only, until this view is left.

import { DaemonLost } from '../local/errors.ts';
import { modeFor, ownTerminal } from '../terminal/local-terminal.ts';
import { withDaemon } from './daemon-client.ts';
import { sayWhatGoesOn } from './what-goes-on.ts';

export async function watch(options: { readonly plain?: boolean }): Promise<void> {
  ownTerminal();
  const plain = modeFor(options.plain ?? false) === 'lines';
  const run = plain
    ? (await import('../watch/plain.ts')).runPlainWatch
    : (await import('../watch/full-screen.ts')).runFullScreenWatch;
  const why = await withDaemon(run);
  if (why === 'daemon lost') throw new DaemonLost();
  await sayWhatGoesOn('You left the view.');
}
