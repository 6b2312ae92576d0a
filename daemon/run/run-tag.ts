// The word that all processes of one run carry in their environment. It names the daemon that started them, so that the
// next one of the same machine can tell whether anybody still answers for them.

import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { machineHome } from '../../protocol/home.ts';
import { type ProcessIdentity, readProcess } from './process-table.ts';

const TAG = /^(.+)-(\d+)-(\d+)-[0-9a-f-]{36}$/;
const NO_BOOT = '00000000-0000-0000-0000-000000000000'; // where the system does not tell
const STATE_DIGITS = 16;

/** A new tag: `<place>-<pid>-<start>-<uuid>` of this daemon. */
export function newRunTag(): string {
  const start = readProcess(process.pid)?.start ?? 0;
  return `${place()}-${process.pid}-${start}-${randomUUID()}`;
}

/** Which process made `tag`; null for what is no tag, or one of another place. */
export function starterOf(tag: string): ProcessIdentity | null {
  const [, from, pid, start] = TAG.exec(tag) ?? [];
  return from !== undefined && from === place() ? { pid: Number(pid), start: Number(start) } : null;
}

/**
 * `<pid namespace>-<boot>-<state directory>`: elsewhere a number means another process; nothing that a session started
 * outlives the boot, so a tag of another one was copied; and what another machine's daemon left is not ours to end.
 */
function place(): string {
  const state = createHash('sha256').update(stateDirectory()).digest('hex').slice(0, STATE_DIGITS);
  return `${pidNamespace()}-${bootId()}-${state}`;
}

/** The same by whatever links it is reached. */
function stateDirectory(): string {
  const home = machineHome();
  try {
    return realpathSync(home);
  } catch {
    return home;
  }
}

/** The kernel's number of the pid namespace; 0 where the system has no /proc. */
function pidNamespace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0';
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    return NO_BOOT;
  }
}
