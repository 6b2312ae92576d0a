// The signals that SSH can carry, and which processes a terminal would send them to.

import { constants } from 'node:os';
import type { ContainedRun } from './containment.ts';
import { readProcess, readProcessTable } from './process-table.ts';

/** RFC 4254 section 6.10, without the SIG prefix. */
const SSH_SIGNALS = [
  'ABRT',
  'ALRM',
  'FPE',
  'HUP',
  'ILL',
  'INT',
  'KILL',
  'PIPE',
  'QUIT',
  'SEGV',
  'TERM',
  'USR1',
  'USR2',
] as const;
export type SshSignal = (typeof SSH_SIGNALS)[number];

export function isSshSignal(name: string): name is SshSignal {
  return SSH_SIGNALS.some((known) => known === name);
}

/** `9` → `KILL`; undefined for 0. A number without an RFC 4254 name keeps the system's name. */
export function signalName(number: number): string | undefined {
  const name = Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
  return name?.replace(/^SIG/, '');
}

/**
 * Sends a signal to the foreground process group, as the terminal's own keys do: the program that is being used, not
 * the shell behind it, and never the processes that hold the session together.
 * @returns how many processes got it
 */
export function signalForeground(run: ContainedRun, name: SshSignal): number {
  const group = readProcess(run.root.pid)?.foreground ?? -1;
  if (group <= 0) return 0;
  const own = run.init === undefined ? [] : [run.root.pid, run.init.pid];
  const targets = readProcessTable().filter((entry) => entry.group === group && !own.includes(entry.pid));
  let sent = 0;
  for (const { pid } of targets) {
    try {
      process.kill(pid, `SIG${name}`);
      sent += 1;
    } catch {
      // It ended in between, or it changed its user and is not ours.
    }
  }
  return sent;
}
