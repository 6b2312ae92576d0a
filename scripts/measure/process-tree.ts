// Processes below another one, and the memory that they use, as Linux tells it in /proc.
import { readdirSync, readFileSync } from 'node:fs';

export interface Memory {
  /** Resident pages, in MiB; pages shared by several processes count in each. */
  readonly residentMiB: number;
  /** Resident pages, in MiB, where shared ones are divided among those that share them. */
  readonly proportionalMiB: number;
}

export interface Process {
  readonly pid: number;
  /** Name of the program, cut by the kernel to 15 characters. */
  readonly name: string;
}

/** `root` and everything that descends from it, parents first; what ends meanwhile is left out. */
export function processTree(root: number): Process[] {
  const all = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
  const found = all.map((entry) => statusOf(Number(entry))).filter((status) => status !== undefined);
  const tree = found.filter(({ pid }) => pid === root);
  for (const { pid } of tree) tree.push(...found.filter(({ parent }) => parent === pid)); // grows while it is walked
  return tree.map(({ pid, name }) => ({ pid, name }));
}

function statusOf(pid: number): (Process & { parent: number }) | undefined {
  const status = readProc(`/proc/${pid}/status`);
  const name = /^Name:\t(.*)$/m.exec(status)?.[1];
  const parent = /^PPid:\t(\d+)$/m.exec(status)?.[1];
  return name === undefined || parent === undefined ? undefined : { pid, name, parent: Number(parent) };
}

/** Sum over the processes; those that have ended count nothing. */
export function memoryOf(pids: readonly number[]): Memory {
  const sum = { residentMiB: 0, proportionalMiB: 0 };
  for (const pid of pids) {
    const rollup = readProc(`/proc/${pid}/smaps_rollup`);
    sum.residentMiB += kibibytes(rollup, 'Rss') / 1024;
    sum.proportionalMiB += kibibytes(rollup, 'Pss') / 1024;
  }
  return sum;
}

function kibibytes(rollup: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(rollup)?.[1] ?? 0);
}

function readProc(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // the process has ended
  }
}
