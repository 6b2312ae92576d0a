// Running programs as the kernel knows them, without their command lines: those hold names, paths and passwords.

import type { Probe } from '../probe.ts';

const BATCH = 32; // files read at a time: enough to be quick, few enough to leave the thread pool usable
const MAX_PROCESSES = 20_000;

export interface Process {
  readonly pid: number;
  readonly parent: number;
  /** At most 15 bytes of anything that the program chose. */
  readonly name: string;
  /** One letter of proc_pid_stat(5): R running, S sleeping, D waiting for a disk, Z ended and not collected. */
  readonly state: string;
  /** Clock ticks on a processor since it started. */
  readonly ticks: number;
  /** Clock ticks after boot. Together with `pid` it names a process for good. */
  readonly startTicks: number;
  /** Device number of its terminal, 0 for none. */
  readonly terminal: number;
}

export interface ProcessDetails {
  readonly uid: number;
  /** Memory in use, shared parts included; 0 for the kernel's own. */
  readonly residentBytes: number;
}

/** Every process that existed at both ends of the listing. */
export async function listProcesses(probe: Probe): Promise<Process[]> {
  const pids = (await probe.list('/proc')).filter((name) => /^\d+$/.test(name)).slice(0, MAX_PROCESSES);
  const found = await inBatches(pids, async (pid) => {
    const stat = await probe.readText(`/proc/${pid}/stat`, 2048);
    return stat === undefined ? undefined : parseProcess(stat);
  });
  return found.filter((process) => process !== undefined);
}

/**
 * What its user calls it: the file that it runs, else the name that it gave itself. Node calls itself MainThread and
 * Firefox has a dozen names. Only root can see the file of other users' programs.
 */
export async function programOf(probe: Probe, process: Process): Promise<string> {
  const file = (await probe.link(`/proc/${process.pid}/exe`))
    ?.replace(/ \(deleted\)$/, '')
    .split('/')
    .at(-1);
  return file || process.name;
}

/** The same with its own name where that says more: `npm ci (node)`. */
export async function describeProgram(probe: Probe, process: Process): Promise<string> {
  const program = await programOf(probe, process);
  return program.startsWith(process.name) ? program : `${process.name} (${program})`;
}

export async function readDetails(probe: Probe, pid: number): Promise<ProcessDetails | undefined> {
  const status = await probe.readText(`/proc/${pid}/status`, 8192);
  return status === undefined ? undefined : parseDetails(status);
}

/** The name may hold spaces, parentheses and newlines: everything between the first `(` and the last `)`. */
export function parseProcess(stat: string): Process | undefined {
  const open = stat.indexOf('(');
  const close = stat.lastIndexOf(')');
  if (open === -1 || close < open) return undefined;
  const fields = stat.slice(close + 2).split(' '); // [0] is field 3, the state
  const number = (field: number) => Number(fields[field - 3]);
  const process = {
    pid: Number(stat.slice(0, open)),
    parent: number(4),
    name: stat.slice(open + 1, close),
    state: fields[0] ?? '?',
    ticks: number(14) + number(15),
    startTicks: number(22),
    terminal: number(7),
  };
  return [process.pid, process.ticks, process.startTicks].every(Number.isFinite) ? process : undefined;
}

export function parseDetails(status: string): ProcessDetails | undefined {
  // The name comes first and is escaped by the kernel, so that it cannot forge a line.
  const uid = /^Uid:\s+(\d+)/m.exec(status)?.[1];
  const resident = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1];
  return uid === undefined ? undefined : { uid: Number(uid), residentBytes: Number(resident ?? 0) * 1024 };
}

/** Like `Promise.all(items.map(work))`, a few at a time. */
export async function inBatches<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += BATCH) {
    results.push(...(await Promise.all(items.slice(start, start + BATCH).map(work))));
  }
  return results;
}
