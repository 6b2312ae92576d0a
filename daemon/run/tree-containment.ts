// The fallback where there are no namespaces: programs run as they are, and ending searches for their descendants.

import type { Containment } from './containment.ts';
import { killTree } from './tree-kill.ts';

/** Weaker than a namespace: `env -i setsid` from a parent that has ended is not found (see killTree). */
export const treeContainment: Containment = {
  kind: 'tree',
  description: 'processes are followed by parent, terminal session and environment',
  wrap: (argv) => argv,
  killAll: killTree,
};
