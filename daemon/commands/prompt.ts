// `chaperoned prompt`: questions in this window, until it is closed.

import { modeFor, ownTerminal } from '../terminal/local-terminal.ts';
import { runWindow } from './window.ts';

export async function prompt(options: { readonly plain?: boolean }): Promise<void> {
  ownTerminal(); // before anything else: without a terminal nobody could read the question
  const plain = modeFor(options.plain ?? false) === 'lines';
  const run = plain
    ? (await import('../prompt/plain.ts')).runPlainPrompt
    : (await import('../prompt/full-screen.ts')).runFullScreenPrompt;
  await runWindow(run, 'Questions are not shown in this window any more.');
}
