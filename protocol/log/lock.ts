// One writer per log: two would sign two histories.
//
// Each process announces itself by a file of its own name and only then looks who else is there. Of two that start
// together the later look sees the earlier file, so at most one goes on. A file of a dead process is removed by its
// name, which nobody else uses; with a single shared lock file, removing a stale one could hit a fresh one.
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { LogLocked } from './errors.ts';
import { hasCode, type LogFileSystem, writeNew } from './file-system.ts';
import { LOCK_PREFIX } from './layout.ts';

/** A process and which life of its number it is: numbers are reused, after a reboot or in a container at once. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Differs between processes of the same number; empty where the system does not say. */
  readonly life: string;
}

/** What the lock asks about processes; replaced in tests. */
export interface Processes {
  readonly self: ProcessIdentity;
  isAlive(identity: ProcessIdentity): boolean;
}

/** @returns what `/proc` tells about the start of a process; '' without `/proc`; null when it is gone or a zombie */
function lifeOf(pid: number): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8');
    let stat: string;
    try {
      stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    } catch {
      return null;
    }
    // proc(5): the name in parentheses may contain anything; state is field 3, start time field 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    return hash('sha256', `${boot}${fields[19]}`, 'hex').slice(0, 16);
  } catch {
    return '';
  }
}

export const systemProcesses: Processes = {
  get self() {
    return { pid: process.pid, life: lifeOf(process.pid) ?? '' };
  },
  isAlive({ pid, life }) {
    const now = lifeOf(pid);
    if (now === null) return false;
    if (now !== '' && life !== '') return now === life;
    try {
      process.kill(pid, 0);
      return true;
    } catch (error) {
      return !hasCode(error, 'ESRCH'); // EPERM: alive and somebody else's
    }
  },
};

const FILE_NAME = /^\.lock-([1-9]\d{0,9})-([0-9a-f]{16})?$/;
const fileName = ({ pid, life }: ProcessIdentity): string => `${LOCK_PREFIX}${pid}-${life}`;

/** Logs that this very process holds: its own file on disk does not say whether it is of today. */
const heldHere = new WeakMap<LogFileSystem, Set<string>>();

/** The right to write a log; disposing gives it back. */
export interface LogLock {
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Take the right to write the log in `directory`, over the dead body of an earlier process if need be.
 * @throws LogLocked when a living process holds it
 */
export async function lockLog(
  fileSystem: LogFileSystem,
  directory: string,
  processes: Processes = systemProcesses,
): Promise<LogLock> {
  const { self } = processes;
  const held = heldHere.get(fileSystem) ?? new Set<string>();
  heldHere.set(fileSystem, held);
  if (held.has(directory)) throw new LogLocked(directory, self.pid);
  held.add(directory);
  const own = fileName(self);
  const removeOwn = async (): Promise<void> => {
    held.delete(directory);
    await removeIfThere(fileSystem, `${directory}/${own}`);
  };
  try {
    await announce(fileSystem, `${directory}/${own}`, self);
    for (const { name } of await fileSystem.list(directory)) {
      const [, pid, life = ''] = FILE_NAME.exec(name) ?? [];
      if (pid === undefined || name === own) continue;
      const other = { pid: Number(pid), life };
      if (processes.isAlive(other)) throw new LogLocked(directory, other.pid);
      await removeIfThere(fileSystem, `${directory}/${name}`);
    }
  } catch (error) {
    await removeOwn().catch(() => {}); // why we failed matters more than what we left behind
    throw error;
  }
  // A file that a broken disk does not let go of is harmless: its process will be dead.
  return { [Symbol.asyncDispose]: () => removeOwn().catch(() => {}) };
}

async function announce(fileSystem: LogFileSystem, path: string, self: ProcessIdentity): Promise<void> {
  try {
    const file = await writeNew(fileSystem, path, Buffer.from(`written by process ${self.pid}\n`));
    await file.close();
  } catch (error) {
    // An earlier life of this process left it behind (a crash without /proc, or a failed close): it is ours.
    if (!hasCode(error, 'EEXIST')) throw error;
  }
}

async function removeIfThere(fileSystem: LogFileSystem, path: string): Promise<void> {
  try {
    await fileSystem.remove(path);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
}
