// The path ended before a session: why, for the log.

import { ChaperoneError, EXIT } from '../../protocol/errors.ts';

export class Refused extends ChaperoneError {
  /** Whether it was refused before it showed a listed key: such refusals are logged at a bounded rate. */
  readonly beforeKey: boolean;

  constructor(reason: string, { beforeKey = false } = {}) {
    super(reason, { exitCode: EXIT.denied });
    this.beforeKey = beforeKey;
  }
}
