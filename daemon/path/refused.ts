// The path ended before a session: why, for the log.

import { ChaperoneError, EXIT } from '../../protocol/errors.ts';

export class Refused extends ChaperoneError {
  /** Whether it was refused before it was asked for anything: such refusals are logged at a bounded rate. */
  readonly beforePrompt: boolean;

  constructor(reason: string, { beforePrompt = false } = {}) {
    super(reason, { exitCode: EXIT.denied });
    this.beforePrompt = beforePrompt;
  }
}
