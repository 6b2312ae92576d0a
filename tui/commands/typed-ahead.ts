// Keys that were meant for a shell on the machine must not reach the technician's own: half a command, typed while the
// person ended the session, would wait there for the next Enter.

import { setTimeout as delay } from 'node:timers/promises';

const QUIET_MS = 50; // what the terminal holds comes in one turn; this also takes the rest of a word being typed

/** Throws away what was typed and not read yet. No effect where standard input is no terminal. */
export async function discardTyped(): Promise<void> {
  const { stdin } = process;
  if (stdin.isTTY !== true) {
    return;
  }
  const ignore = (): void => undefined;
  stdin.setRawMode(true); // a line without Enter can be read only so
  stdin.on('data', ignore);
  stdin.resume();
  try {
    await delay(QUIET_MS);
  } finally {
    stdin.off('data', ignore);
    stdin.pause();
    stdin.setRawMode(false);
  }
}
