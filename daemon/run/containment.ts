// How a session's programs are held together, so that ending it ends all of them.

import type { ProcessIdentity } from './process-table.ts';
import type { ProcessTree } from './tree-kill.ts';

/** One program that runs contained, with all that came from it. */
export interface ContainedRun extends ProcessTree {
  /** First process of its pid namespace, as the daemon sees it; only with kind `namespace`. */
  readonly init?: ProcessIdentity | undefined;
}

/** Two adapters, one compliance suite (containment.test.ts). */
export interface Containment {
  /**
   * `namespace`: the kernel ends everything with the first process; nothing escapes by forking.
   * `tree`: descendants are searched for; a process that cut all ties while nobody looked survives.
   */
  readonly kind: 'namespace' | 'tree';
  /** What the local user's prompt and the receipt may say about it. */
  readonly description: string;
  /**
   * The argv that runs `argv` contained. With kind `namespace` the program's terminal first shows an announcement
   * (namespace-containment.ts), which names the first process and is taken off the output by whoever started it.
   */
  wrap(argv: readonly string[]): readonly string[];
  /**
   * Ends all processes of the run and resolves when none is left.
   * @throws ProcessesSurvived
   */
  killAll(run: ContainedRun): Promise<void>;
}
