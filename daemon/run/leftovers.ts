// Ends what a daemon could not end because it was killed: bubblewrap dies with its parent only some milliseconds after
// its start, and without it nothing does.

import { setTimeout as delay } from 'node:timers/promises';
import {
  isRunning,
  type ProcessIdentity,
  readProcess,
  readProcessTable,
  readRealUser,
  readVariable,
} from './process-table.ts';
import { starterOf } from './run-tag.ts';
import { ProcessesSurvived, RUN_TAG } from './tree-kill.ts';

const PATIENCE_MS = 5_000; // as in killTree
const STEP_MS = 10;

/**
 * Kills all processes that were started for a session by a daemon of this machine that does not live any more, and
 * resolves with how many there were. What belongs to a daemon that lives, or to another machine, is left alone. Another
 * user may give the tag to as many programs as they like: those are killed, and not waited for.
 * @throws ProcessesSurvived
 */
export async function endLeftovers(): Promise<number> {
  const found = new Set<number>();
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const left = leftovers();
    const awaited = left.filter(({ pid }) => !isOfAnotherUser(pid));
    for (const entry of left) {
      found.add(entry.pid);
      kill(entry);
    }
    if (awaited.length === 0) return found.size;
    if (performance.now() > deadline) throw new ProcessesSurvived(awaited.map(({ pid }) => pid));
    await delay(STEP_MS);
  }
}

function leftovers(): ProcessIdentity[] {
  return readProcessTable().filter((entry) => {
    if (entry.ended || entry.pid === process.pid) return false;
    const starter = starterOf(readVariable(entry.pid, RUN_TAG) ?? '');
    return starter !== null && !isRunning(starter); // a zombie answers for nobody
  });
}

function isOfAnotherUser(pid: number): boolean {
  const user = readRealUser(pid);
  return user !== undefined && user !== process.getuid?.();
}

function kill({ pid, start }: ProcessIdentity): void {
  try {
    if (readProcess(pid)?.start === start) process.kill(pid, 'SIGKILL'); // the number may have gone on to another
  } catch {
    // Gone, or not ours to signal: the next look tells.
  }
}
