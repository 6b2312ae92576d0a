// `chaperoned watch`: what the technician sees and does, read-only, until this view is left.

import { DaemonLost } from '../local/errors.ts';
import { modeFor, ownTerminal } from '../terminal/local-terminal.ts';
import { withDaemon } from './daemon-client.ts';

export async function watch(options: { readonly plain?: boolean }): Promise<void> {
  ownTerminal();
  const plain = modeFor(options.plain ?? false) === 'lines';
  const run = plain
    ? (await import('../watch/plain.ts')).runPlainWatch
    : (await import('../watch/full-screen.ts')).runFullScreenWatch;
  const { why, live } = await withDaemon(run);
  if (why === 'daemon lost') throw new DaemonLost();
  if (live > 0) process.stdout.write('You left the view. The session goes on. To end it: chaperoned end\n');
}
