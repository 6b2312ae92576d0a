// What a program says on standard error when a command fails: what happened, what to do, and with which code to exit.

import { ChaperoneError, EXIT, type ExitCode } from './errors.ts';
import { sanitiseText } from './terminal/sanitise.ts';

export interface ErrorReport {
  /** Whole lines. */
  readonly text: string;
  readonly code: ExitCode;
}

/** `program: what` and a line with the hint. A fault of ours comes with its stack. */
export function errorReport(program: string, error: unknown): ErrorReport {
  if (error instanceof ChaperoneError) {
    const hint = error.hint === undefined ? '' : `  ${sanitiseText(error.hint)}\n`;
    return { text: `${program}: ${sanitiseText(error.message)}\n${hint}`, code: error.exitCode };
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const text = `${program}: an unexpected fault\n${sanitiseText(detail)}\n  please report it with these lines\n`;
  return { text, code: EXIT.failure };
}
