// A request on the control channel that is refused for a reason that the technician should read.

import { ChaperoneError } from '../../protocol/errors.ts';

/** `code` is one of RPC_ERRORS. */
export class ControlRefusal extends ChaperoneError {
  readonly code: number;

  constructor(code: number, message: string, hint?: string) {
    super(message, hint === undefined ? {} : { hint });
    this.code = code;
  }
}
