// The word that all processes of one run carry in their environment. It names the daemon that started them, so that a
// later one can tell whether anybody still answers for them.

import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { type ProcessIdentity, readProcess } from './process-table.ts';

const TAG = /^(\d+)-(\d+)-(\d+)-([0-9a-f-]{36})-[0-9a-f-]{36}$/;
const NO_BOOT = '00000000-0000-0000-0000-000000000000'; // where the system does not tell

/** A new tag: `<pid namespace>-<pid>-<start>-<boot>-<uuid>` of this daemon. */
export function newRunTag(): string {
  const start = readProcess(process.pid)?.start ?? 0;
  return `${pidNamespace()}-${process.pid}-${start}-${bootId()}-${randomUUID()}`;
}

/**
 * Which process made `tag`; null for what is no tag, or one of a namespace in which numbers mean other processes. One of
 * another boot was copied: nothing that a session started outlives that.
 */
export function starterOf(tag: string): ProcessIdentity | null {
  const [, namespace, pid, start, boot] = TAG.exec(tag) ?? [];
  return namespace === pidNamespace() && boot === bootId() ? { pid: Number(pid), start: Number(start) } : null;
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
