// `chaperoned watch`: what the technician sees and does, read-only, until this view is left.

import { modeFor, ownTerminal } from '../terminal/local-terminal.ts';
import { runWindow } from './window.ts';

export async function watch(options: { readonly plain?: boolean }): Promise<void> {
  ownTerminal();
  const plain = modeFor(options.plain ?? false) === 'lines';
  const run = plain
    ? (await import('../watch/plain.ts')).runPlainWatch
    : (await import('../watch/full-screen.ts')).runFullScreenWatch;
  await runWindow(run, 'You left the view.');
}
