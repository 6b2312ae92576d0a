// What commands print: data on standard output (JSON for programs, safe lines for people), the rest on standard error.

import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';

const LINE_MAX = 2000; // code points; more than any line of ours

export interface OutputOptions {
  readonly json?: boolean;
}

/** `value` as JSON when asked for, else `lines`. */
export function print(options: OutputOptions, value: unknown, lines: readonly string[]): void {
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  } else {
    printLines(lines);
  }
}

export function printLines(lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${sanitiseLine(line, LINE_MAX)}\n`).join(''));
}

/** One event of a stream, on a line of its own. */
export function printEvent(event: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

/** A sentence for the person, which no program reads. */
export function say(line: string): void {
  process.stderr.write(`${sanitiseLine(line, LINE_MAX)}\n`);
}
