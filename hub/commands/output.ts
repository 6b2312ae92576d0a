// What chaperone-hub prints: data on standard output, complaints with a hint on standard error.

import { errorReport } from '../../protocol/error-report.ts';
import type { ExitCode } from '../../protocol/errors.ts';
import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';

const LINE_MAX = 4000; // characters; a public key of RSA fits

export interface OutputOptions {
  readonly json?: boolean;
}

/** `value` as JSON when asked for, else `lines`. */
export function print({ json = false }: OutputOptions, value: unknown, lines: readonly string[]): void {
  const text = json ? JSON.stringify(value, null, 2) : lines.map((line) => sanitiseLine(line, LINE_MAX)).join('\n');
  process.stdout.write(`${text}\n`);
}

/** What went wrong and what to do about it, on standard error. */
export function reportError(error: unknown): ExitCode {
  const { text, code } = errorReport('chaperone-hub', error);
  process.stderr.write(text);
  return code;
}
