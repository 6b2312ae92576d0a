// Finds the strongest containment that really works here: being installed proves nothing, since kernels, containers and
// security modules forbid namespaces in their own ways.

import { readlinkSync } from 'node:fs';
import { ChaperoneError } from '../../protocol/errors.ts';
import { runCommand } from './command.ts';
import type { Containment } from './containment.ts';
import { findExecutable } from './executable.ts';
import { launch } from './launcher.ts';
import { namespaceContainment } from './namespace-containment.ts';
import { treeContainment } from './tree-containment.ts';

const PROBE_MS = 5_000;
const PROBE_BYTES = 4096;
// Prints the parent's number and the namespace: 1 and another one than ours, if it works.
const PROBE = ['/bin/sh', '-c', 'echo "$PPID $(readlink /proc/self/ns/pid)"'];

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

async function works(namespace: Containment): Promise<boolean> {
  try {
    const { code, stdout } = await runCommand({
      argv: launch(namespace.wrap(PROBE), true),
      environment: { PATH: '/usr/bin:/bin' },
      cwd: '/',
      timeoutMs: PROBE_MS,
      maxOutputBytes: PROBE_BYTES,
    });
    const said = /^1 (pid:\[\d+\])$/m.exec(stdout.toString('latin1'));
    return code === 0 && said !== null && said[1] !== readlinkSync('/proc/self/ns/pid');
  } catch (error) {
    if (error instanceof ChaperoneError) return false;
    throw error;
  }
}
