// Which processes of this computer belong to a demonstration, as the system tells (not the programs themselves).

import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const LEAVE_MS = 5_000; // for programs that were told to go, to restore their terminal and write their last
const LOOK_MS = 25; // nobody tells of the end of a process that is not ours

export interface FoundProcess {
  readonly pid: number;
  readonly command: string;
}

/** Processes that were started with all of `words` in their environment. Null where there is no /proc to ask. */
export function processesWith(...words: readonly string[]): FoundProcess[] | null {
  if (process.platform !== 'linux') return null;
  return readdirSync('/proc').flatMap((pid) => {
    const environment = /^\d+$/.test(pid) && Number(pid) !== process.pid ? read(pid, 'environ') : '';
    if (environment === '' || !words.every((word) => environment.includes(word))) return [];
    return [{ pid: Number(pid), command: read(pid, 'cmdline').replaceAll('\0', ' ').trim() }];
  });
}

/** Resolves when no process has `word` in its environment; those that do not go in time are killed. */
export async function untilNoneHas(word: string): Promise<void> {
  const patience = performance.now() + LEAVE_MS;
  for (let left = processesWith(word) ?? []; left.length > 0; left = processesWith(word) ?? []) {
    if (performance.now() > patience) for (const { pid } of left) kill(pid);
    await delay(LOOK_MS);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

/** Empty when the process has ended or belongs to another user. A process that is dying has no environment left. */
function read(pid: string, file: 'environ' | 'cmdline'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}
