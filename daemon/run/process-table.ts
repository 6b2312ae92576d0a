// The kernel's list of processes, read at one moment: what ending a session needs to know, and nothing that a
// process could lie about.

import { readdirSync, readFileSync } from 'node:fs';

/** A process is its number and its start: numbers are used again. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since boot (proc(5), field 22). */
  readonly start: number;
}

export interface ProcessEntry extends ProcessIdentity {
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** Foreground process group of its terminal, -1 without one. */
  readonly foreground: number;
  /** A zombie has ended; only its number is left until the parent asks. */
  readonly ended: boolean;
}

const FIELDS_AFTER_NAME = 22 - 2; // proc(5) counts pid and name as fields 1 and 2; the start is field 22

/** Reads one process, or undefined when it is gone. */
export function readProcess(pid: number): ProcessEntry | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined; // ended between listing and reading
  }
  // A program chooses its own name, so it may hold spaces and parentheses: count from the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ', FIELDS_AFTER_NAME);
  const number = (field: number) => Number(fields[field - 3]);
  const state = fields[0];
  return {
    pid,
    start: number(22),
    parent: number(4),
    group: number(5),
    session: number(6),
    foreground: number(8),
    ended: state === 'Z' || state === 'X',
  };
}

/** All processes that this daemon can see. Empty where the system has no /proc. */
export function readProcessTable(): ProcessEntry[] {
  let names: string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return [];
  }
  return names
    .filter((name) => name >= '1' && name < ':')
    .map((name) => readProcess(Number(name)))
    .filter((entry) => entry !== undefined);
}

/** Whether the process was started with `name=value` in its environment. False when that may not be read. */
export function hasVariable(pid: number, name: string, value: string): boolean {
  return readVariable(pid, name) === value;
}

/** The variable `name` of the environment that the process was started with. Undefined when that may not be read. */
export function readVariable(pid: number, name: string): string | undefined {
  try {
    const environment = `\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}`;
    const at = environment.indexOf(`\0${name}=`);
    if (at === -1) return undefined;
    const from = at + name.length + 2;
    const end = environment.indexOf('\0', from);
    return environment.slice(from, end === -1 ? undefined : end);
  } catch {
    return undefined;
  }
}

/** Who started the process, also where it is a program that runs with the rights of its file. Undefined when it is gone. */
export function readRealUser(pid: number): number | undefined {
  try {
    const user = /^Uid:\t(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return user === undefined ? undefined : Number(user);
  } catch {
    return undefined;
  }
}

/** Whether that very process still runs (a zombie does not). */
export function isRunning(process: ProcessIdentity): boolean {
  const entry = readProcess(process.pid);
  return entry !== undefined && entry.start === process.start && !entry.ended;
}
