// Says on standard error what went wrong and what to do, and with which code to exit.

import { ChaperoneError, EXIT, type ExitCode } from '../../protocol/errors.ts';
import { sanitiseText } from '../../protocol/terminal/sanitise.ts';

/** Prints `chaperone: what` and a line with the hint. A fault of ours is printed with its stack. */
export function reportError(error: unknown): ExitCode {
  if (error instanceof ChaperoneError) {
    const hint = error.hint === undefined ? '' : `  ${sanitiseText(error.hint)}\n`;
    process.stderr.write(`chaperone: ${sanitiseText(error.message)}\n${hint}`);
    return error.exitCode;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `chaperone: an unexpected fault\n${sanitiseText(detail)}\n  please report it with these lines\n`,
  );
  return EXIT.failure;
}
