// What can be wrong with a policy, in words that lead to the line to mend.

import { ChaperoneError, EXIT } from '../../protocol/errors.ts';

export interface PolicyProblem {
  /** From 1; null when the problem has no place in the file. */
  readonly line: number | null;
  readonly column: number | null;
  /** Such as `technicians[0].key`; empty for the whole file. */
  readonly path: string;
  readonly message: string;
  readonly hint: string | null;
}

/** The file was read and is not a policy; `problems` holds all that was found, in the order of the file. */
export class PolicyRefused extends ChaperoneError {
  readonly file: string;
  readonly problems: readonly PolicyProblem[];

  constructor(file: string, problems: readonly PolicyProblem[]) {
    const lines = problems.map((problem) => `  ${formatProblem(file, problem)}`);
    const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
    super(`the policy has ${count}:\n${lines.join('\n')}`, {
      exitCode: EXIT.usage,
      hint: `mend the file, then run: chaperoned policy check ${file}`,
    });
    this.file = file;
    this.problems = problems;
  }
}

/** The file cannot be read, or others could change it. */
export class PolicyUnusable extends ChaperoneError {
  constructor(message: string, hint: string, cause?: unknown) {
    super(message, { exitCode: EXIT.usage, hint, cause });
  }
}

/** One line: `file:line:column: path: message (hint)`. */
export function formatProblem(file: string, { line, column, path, message, hint }: PolicyProblem): string {
  const place = line === null ? file : `${file}:${line}:${column ?? 1}`;
  return `${place}: ${path === '' ? '' : `${path}: `}${message}${hint === null ? '' : ` (${hint})`}`;
}
