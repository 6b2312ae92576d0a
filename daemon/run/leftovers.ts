// Ends what a daemon could not end because it was killed: bubblewrap dies with its parent only some milliseconds after
// its start, and without it nothing does.

import { setTimeout as delay } from 'node:timers/promises';
import { type ProcessIdentity, readProcess, readProcessTable, readVariable } from './process-table.ts';
import { starterOf } from './run-tag.ts';
import { ProcessesSurvived, RUN_TAG } from './tree-kill.ts';

const PATIENCE_MS = 5_000; // as in killTree
const STEP_MS = 10;

/**
 * Kills all processes that were started for a session by a daemon that does not live any more, and resolves with how
 * many there were. What other daemons started that live is left alone.
 * @throws ProcessesSurvived
 */
export async function endLeftovers(): Promise<number> {
  const found = new Set<number>();
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const left = leftovers();
    if (left.length === 0) return found.size;
    if (performance.now() > deadline) throw new ProcessesSurvived(left.map(({ pid }) => pid));
    for (const { pid } of left) {
      found.add(pid);
      kill(pid);
    }
    await delay(STEP_MS);
  }
}

function leftovers(): ProcessIdentity[] {
  return readProcessTable().filter((entry) => {
    if (entry.ended || entry.pid === process.pid) return false;
    const starter = starterOf(readVariable(entry.pid, RUN_TAG) ?? '');
    return starter !== null && readProcess(starter.pid)?.start !== starter.start;
  });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone, or not ours to signal: the next look tells.
  }
}
