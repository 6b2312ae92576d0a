// Ends a process and everything that came from it, as far as the kernel still knows who came from whom.

import { setTimeout as delay } from 'node:timers/promises';
import { ChaperoneError } from '../../protocol/errors.ts';
import {
  hasVariable,
  type ProcessEntry,
  type ProcessIdentity,
  readProcess,
  readProcessTable,
} from './process-table.ts';

/** Set in the environment of all that a session starts, so that a process without a living parent is still known. */
export const RUN_TAG = 'CHAPERONE_RUN';

/** A program that was started, and what finds its descendants. */
export interface ProcessTree {
  /** Leads its own kernel session (setsid), so that its number is the session's. */
  readonly root: ProcessIdentity;
  /** Value of RUN_TAG in its environment. */
  readonly tag: string;
}

const PATIENCE_MS = 5_000; // a process in an uninterruptible system call (dead disk, NFS) outlives SIGKILL
const MAX_STEP_MS = 50; // between looks at the process table

/** Something lives on that could not be ended. */
export class ProcessesSurvived extends ChaperoneError {
  readonly pids: readonly number[];
  constructor(pids: readonly number[]) {
    super(`${pids.length} process(es) of the session could not be ended: ${pids.join(', ')}`, {
      hint: 'look at them with `ps -fp` and end them as an administrator',
    });
    this.pids = pids;
  }
}

/**
 * Ends the tree and resolves when nothing of it runs. Descendants are known by parent, by kernel session, and by the
 * tag in their environment. Stops all of them before it kills the first, so that a program that forks all the time
 * cannot outrun it. What left all three traces (`env -i setsid` from a parent that has ended) is not found: that is
 * why a namespace is better.
 * @throws ProcessesSurvived
 */
export async function killTree(tree: ProcessTree): Promise<void> {
  const members = new Map<number, ProcessIdentity>([[tree.root.pid, tree.root]]);
  const sessions = new Set<number>([tree.root.pid]);
  const stopped = new Set<ProcessIdentity>();
  const deadline = performance.now() + PATIENCE_MS;
  if (readProcess(process.pid) === undefined) send(-tree.root.pid, 'SIGKILL'); // no /proc here: its group is all we know
  let step = 1;
  for (;;) {
    const alive = findMembers(tree, readProcessTable(), members, sessions);
    if (alive.length === 0) return;
    const fresh = alive.filter((member) => !stopped.has(member));
    for (const member of fresh) {
      stopped.add(member);
      send(member.pid, 'SIGSTOP');
    }
    if (fresh.length > 0 && performance.now() < deadline) continue;
    for (const member of alive) send(member.pid, 'SIGKILL');
    if (performance.now() >= deadline) throw new ProcessesSurvived(alive.map((member) => member.pid));
    await delay(step);
    step = Math.min(step * 2, MAX_STEP_MS);
  }
}

/** Adds what the table shows to the known members and returns those that run. */
function findMembers(
  tree: ProcessTree,
  table: readonly ProcessEntry[],
  members: Map<number, ProcessIdentity>,
  sessions: Set<number>,
): ProcessIdentity[] {
  const isMember = (entry: ProcessEntry | undefined) =>
    entry !== undefined && members.get(entry.pid)?.start === entry.start;
  const candidates = table.filter((entry) => entry.start >= tree.root.start && entry.pid !== process.pid);
  const tagged = new Set(candidates.filter((entry) => hasVariable(entry.pid, RUN_TAG, tree.tag)));
  const byPid = new Map(candidates.map((entry) => [entry.pid, entry]));
  // Children may stand before their parents in the table, so repeat until a pass finds nobody new.
  for (let grew = true; grew; ) {
    grew = false;
    for (const entry of candidates) {
      if (!isMember(entry)) {
        if (!tagged.has(entry) && !isMember(byPid.get(entry.parent)) && !sessions.has(entry.session)) continue;
        members.set(entry.pid, { pid: entry.pid, start: entry.start });
        grew = true;
      }
      if (entry.session === entry.pid) sessions.add(entry.pid);
    }
  }
  return candidates
    .filter((entry) => isMember(entry) && !entry.ended)
    .map((entry) => members.get(entry.pid))
    .filter((member) => member !== undefined);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone, or not ours to signal: the next look at the table tells.
  }
}
