// Taking turns at a directory: several programs may change the files in it, one after the other.

import { setTimeout } from 'node:timers/promises';
import { ChaperoneError } from './errors.ts';
import { LogLocked } from './log/errors.ts';
import { nodeFileSystem } from './log/file-system.ts';
import { lockLog } from './log/lock.ts';

const WAIT_MS = 5_000; // whoever holds the turn needs milliseconds; longer means that it is stuck
const RETRY_MS = 10; // plus as much again at random, so that two do not keep meeting

/**
 * The right to change the files in `directory` (which exists); disposing gives it back.
 *
 * @throws ChaperoneError when another living process does not give it back
 */
export async function takeTurn(directory: string): Promise<AsyncDisposable> {
  const end = Date.now() + WAIT_MS;
  for (;;) {
    try {
      return await lockLog(nodeFileSystem, directory);
    } catch (error) {
      if (!(error instanceof LogLocked)) {
        throw error;
      }
      if (Date.now() > end) {
        throw new ChaperoneError(`another program is changing the files in ${directory}`, {
          hint: 'wait for it to end, or end it, then try again',
          cause: error,
        });
      }
      await setTimeout(RETRY_MS * (1 + Math.random()));
    }
  }
}
