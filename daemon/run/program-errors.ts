// Why a program that was to run does not.

import { ChaperoneError } from '../../protocol/errors.ts';

/** The program is not installed here. */
export class ProgramMissing extends ChaperoneError {
  readonly program: string;
  constructor(program: string) {
    super(`${program} is not installed on this machine`, { hint: `install ${program}, or use another diagnostic` });
    this.program = program;
  }
}

/** The program is there and could not be started. */
export class ProgramNotStarted extends ChaperoneError {
  readonly program: string;
  constructor(program: string, cause: unknown) {
    super(`${program} could not be started`, { hint: 'see the cause in the log of the daemon', cause });
    this.program = program;
  }
}
