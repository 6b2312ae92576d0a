// The one shape of an error that a person reads: what happened, what to do next, and how the program exits.

/** Exit codes of all programs (docs/operations.md lists them for people). */
export const EXIT = {
  ok: 0,
  failure: 1,
  usage: 2,
  denied: 3,
  unreachable: 4,
  verification: 5,
  ended: 6,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface ChaperoneErrorOptions {
  /** What the reader can do about it; printed on a line of its own. */
  readonly hint?: string;
  /** @default EXIT.failure */
  readonly exitCode?: ExitCode;
  readonly cause?: unknown;
}

/**
 * Base of every error that crosses a folder. `message` starts in lower case and ends without a period;
 * subclasses exist for each thing that a caller tells apart.
 */
export class ChaperoneError extends Error {
  readonly hint: string | undefined;
  readonly exitCode: ExitCode;

  constructor(message: string, options: ChaperoneErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? EXIT.failure;
  }
}

/** The command line was used wrongly. */
export class UsageError extends ChaperoneError {
  constructor(message: string, hint?: string) {
    super(message, hint === undefined ? { exitCode: EXIT.usage } : { exitCode: EXIT.usage, hint });
  }
}
