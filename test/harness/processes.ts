// Which processes of this computer belong to a test: known by a word that only that test knows.

import { readdirSync, readFileSync } from 'node:fs';
import { pid as self } from 'node:process';
import { isRunning, type ProcessIdentity, readProcess } from '../../daemon/run/process-table.ts';

export interface FoundProcess extends ProcessIdentity {
  /** Its command line, for messages. */
  readonly command: string;
}

/** Living processes that carry all `words` on their command line or in the environment that they were started with. */
export function processesWith(...words: readonly string[]): FoundProcess[] {
  const found: FoundProcess[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === self) continue;
    const entry = readProcess(pid);
    if (entry === undefined || entry.ended) continue;
    const command = textOf(pid, 'cmdline');
    const known = command + textOf(pid, 'environ');
    if (words.every((word) => known.includes(word))) {
      found.push({ pid, start: entry.start, command: command.replaceAll('\0', ' ').trim() });
    }
  }
  return found;
}

/** Kills those that still are the processes that were found. */
export function killFound(processes: readonly FoundProcess[]): void {
  for (const found of processes) {
    try {
      if (isRunning(found)) process.kill(found.pid, 'SIGKILL');
    } catch {
      // It ended by itself.
    }
  }
}

function textOf(pid: number, file: 'cmdline' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return ''; // ended, or another user's
  }
}
