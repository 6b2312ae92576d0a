// Runs a session's programs in a pid namespace of their own (bubblewrap): when its first process dies the kernel kills
// all others, however they forked, and the first process is not gone before they are.

import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { ContainedRun, Containment } from './containment.ts';
import { isRunning, type ProcessIdentity, readProcess } from './process-table.ts';
import { killTree, ProcessesSurvived } from './tree-kill.ts';

const PATIENCE_MS = 5_000; // as in killTree
const MAX_STEP_MS = 20;
const MAX_ANNOUNCEMENT = 4096; // bubblewrap writes about 100 bytes

// No --new-session: the pty must stay the controlling terminal, or Ctrl-C and Ctrl-Z would do nothing.
const FLAGS = ['--unshare-pid', '--die-with-parent', '--dev-bind', '/', '/', '--proc', '/proc', '--info-fd', '3'];
// The announcement (--info-fd) leaves on the terminal, before the program starts: a file or fifo could be written by the
// session, and looking for the process afterwards would miss programs that end at once.

/**
 * @param bwrap absolute path of bubblewrap
 * @param hidden directories that are empty inside: the daemon's keys, evidence and socket (promise 7)
 */
export function namespaceContainment(bwrap: string, hidden: readonly string[] = []): Containment {
  const covers = hidden.flatMap((directory) => ['--tmpfs', directory]);
  return {
    kind: 'namespace',
    description: 'processes live in a kernel namespace that ends with the session',
    wrap: (argv) => [bwrap, ...FLAGS, ...covers, '--', ...argv],
    killAll,
  };
}

async function killAll(run: ContainedRun): Promise<void> {
  if (run.init === undefined) return killTree(run); // it failed before the program was started
  const wanted = [run.init, run.root];
  const deadline = performance.now() + PATIENCE_MS;
  for (let step = 1; ; step = Math.min(step * 2, MAX_STEP_MS)) {
    const alive = wanted.filter(isRunning);
    if (alive.length === 0) return;
    if (performance.now() > deadline) throw new ProcessesSurvived(alive.map(({ pid }) => pid));
    for (const { pid } of alive) kill(pid);
    await delay(step);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself since we looked.
  }
}

const Announcement = z.object({ 'child-pid': z.number().int().min(2) });

export interface Announced {
  readonly init: ProcessIdentity;
  /** Output of the program itself that followed. */
  readonly rest: Buffer;
}

/**
 * Takes bubblewrap's announcement off the beginning of the output.
 * @param root the process that was started; the first process of the namespace belongs to its kernel session
 * @returns `incomplete` when more output is needed, `absent` when this is something else, such as its error message
 */
export function readAnnouncement(output: Buffer, root: ProcessIdentity): Announced | 'incomplete' | 'absent' {
  if (output.length === 0) return 'incomplete';
  if (output[0] !== 0x7b) return 'absent';
  const end = output.indexOf('}');
  const newline = output.indexOf('\n', end); // after a carriage return, if the terminal adds one
  if (end < 0 || newline < 0) return output.length < MAX_ANNOUNCEMENT ? 'incomplete' : 'absent';
  try {
    const pid = Announcement.parse(JSON.parse(output.toString('utf8', 0, end + 1)))['child-pid'];
    const entry = readProcess(pid);
    // Otherwise it is gone already, with all others: nothing matches a start of -1, and nothing has to be killed.
    const start = entry?.session === root.pid ? entry.start : -1;
    return { init: { pid, start }, rest: output.subarray(newline + 1) };
  } catch {
    return 'absent';
  }
}
