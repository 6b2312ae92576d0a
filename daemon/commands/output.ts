// Prints the answer of a command: JSON for programs, sanitised lines for people.

import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';

const LINE_MAX = 1000; // characters; more than any sentence of ours

export interface OutputOptions {
  readonly json?: boolean;
}

/** `value` as JSON when asked for, else `lines`. */
export function print(options: OutputOptions, value: unknown, lines: readonly string[]): void {
  const text =
    options.json === true
      ? JSON.stringify(value, null, 2)
      : lines.map((line) => sanitiseLine(line, LINE_MAX)).join('\n');
  process.stdout.write(`${text}\n`);
}
