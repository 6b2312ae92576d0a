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

  constructor(file: string, problems: readonly PolicyProblem[], kind: 'machine' | 'organisation' = 'machine') {
    const lines = problems.map((problem) => `  ${formatProblem(file, problem)}`);
    const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
    super(`the policy has ${count}:\n${lines.join('\n')}`, {
      exitCode: EXIT.usage,
      hint:
        kind === 'machine'
          ? `mend the file, then run: chaperoned policy check ${file}`
          : `mend the file, run: chaperoned policy check --organisation ${file}, and sign it again`,
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

const LINE_MAX = 400; // characters; the event catalogue holds 500

/** What is wrong, where a line of the log or of the status has room for it. */
export function oneLine(error: ChaperoneError): string {
  const words = error.message.replace(/\s*\n\s*/g, ' ');
  return words.length > LINE_MAX ? `${words.slice(0, LINE_MAX - 1)}…` : words;
}
