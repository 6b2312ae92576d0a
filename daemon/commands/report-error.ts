// Says on standard error what went wrong and what to do, and with which code to exit.

import { errorReport } from '../../protocol/error-report.ts';
import type { ExitCode } from '../../protocol/errors.ts';

export function reportError(error: unknown): ExitCode {
  const { text, code } = errorReport('chaperoned', error);
  process.stderr.write(text);
  return code;
}
