// Finds the strongest containment that really works here: being installed proves nothing, since kernels, containers and
// security modules forbid namespaces in their own ways.

import { readlinkSync } from 'node:fs';
import { ChaperoneError } from '../../protocol/errors.ts';
import { runCommand } from './command.ts';
import type { Containment } from './containment.ts';
import { findExecutable } from './executable.ts';
import { launch } from './launcher.ts';
import { namespaceContainment, readAnnouncement } from './namespace-containment.ts';
import { treeContainment } from './tree-containment.ts';

const PROBE_MS = 5_000;
const PROBE_BYTES = 4096;
// Prints the parent's number and the namespace: 1 and another one than ours, if it works.
const PROBE = ['/bin/sh', '-c', 'echo "$PPID $(readlink /proc/self/ns/pid)"'];

const NOBODY = { pid: 0, start: 0 }; // the announced process has ended: there is none to find

/**
 * @param path where to look for bubblewrap @default the daemon's PATH
 * @param hidden directories that a namespace hides from the session; without a namespace nothing is hidden
 */
export async function detectContainment(
  path: string = process.env.PATH ?? '',
  hidden: readonly string[] = [],
): Promise<Containment> {
  const bwrap = process.platform === 'linux' ? findExecutable('bwrap', path) : undefined;
  if (bwrap === undefined) return treeContainment;
  const namespace = namespaceContainment(bwrap, hidden);
  return (await works(namespace)) ? namespace : treeContainment;
}

async function works(containment: Containment): Promise<boolean> {
  try {
    const { code, stdout } = await runCommand({
      argv: launch(containment.wrap(PROBE), 'to-output'),
      environment: { PATH: '/usr/bin:/bin' },
      cwd: '/',
      timeoutMs: PROBE_MS,
      maxOutputBytes: PROBE_BYTES,
    });
    const announced = readAnnouncement(stdout, NOBODY);
    if (code !== 0 || typeof announced === 'string') return false;
    const [, namespace] = /^1 (pid:\[\d+\])\n$/.exec(announced.rest.toString('latin1')) ?? [];
    return namespace !== undefined && namespace !== readlinkSync('/proc/self/ns/pid');
  } catch (error) {
    if (error instanceof ChaperoneError) return false;
    throw error;
  }
}
