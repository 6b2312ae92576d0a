// The word that all processes of one run carry in their environment. It names the daemon that started them, so that a
// later one can tell whether anybody still answers for them.

import { randomUUID } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { type ProcessIdentity, readProcess } from './process-table.ts';

const TAG = /^(\d+)-(\d+)-(\d+)-[0-9a-f-]{36}$/;

/** A new tag: `<pid namespace>-<pid>-<start>-<uuid>` of this daemon. */
export function newRunTag(): string {
  const start = readProcess(process.pid)?.start ?? 0;
  return `${pidNamespace()}-${process.pid}-${start}-${randomUUID()}`;
}

/** Which process made `tag`; null for what is no tag, or one of a namespace in which numbers mean other processes. */
export function starterOf(tag: string): ProcessIdentity | null {
  const [, namespace, pid, start] = TAG.exec(tag) ?? [];
  return namespace === pidNamespace() ? { pid: Number(pid), start: Number(start) } : null;
}

/** The kernel's number of the pid namespace; 0 where the system has no /proc. */
function pidNamespace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0';
  }
}
