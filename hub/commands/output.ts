// What chaperone-hub prints: data on standard output, complaints with a hint on standard error.

import { ChaperoneError, EXIT, type ExitCode } from '../../protocol/errors.ts';
import { sanitiseLine, sanitiseText } from '../../protocol/terminal/sanitise.ts';

const LINE_MAX = 4000; // characters; a public key of RSA fits

export interface OutputOptions {
  readonly json?: boolean;
}

/** `value` as JSON when asked for, else `lines`. */
export function print({ json = false }: OutputOptions, value: unknown, lines: readonly string[]): void {
  const text = json ? JSON.stringify(value, null, 2) : lines.map((line) => sanitiseLine(line, LINE_MAX)).join('\n');
  process.stdout.write(`${text}\n`);
}

/** What went wrong and what to do about it; a fault of ours with its stack. */
export function reportError(error: unknown): ExitCode {
  const known = error instanceof ChaperoneError;
  const what = known ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);
  const hint = known ? error.hint : 'this is a fault of the program: please report it with these lines';
  process.stderr.write(`chaperone-hub: ${sanitiseText(what)}\n`);
  if (hint !== undefined) {
    process.stderr.write(`  ${sanitiseText(hint)}\n`);
  }
  return known ? error.exitCode : EXIT.failure;
}
