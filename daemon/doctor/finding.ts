// One line of what the doctor finds: how it is, and what to do when it is not well.

export type FindingState = 'ok' | 'warn' | 'broken';

export interface Finding {
  /** What was looked at, in one or two words. */
  readonly what: string;
  readonly state: FindingState;
  readonly words: string;
  /** Null when nothing is to be done. */
  readonly todo: string | null;
}

export function ok(what: string, words: string): Finding {
  return { what, state: 'ok', words, todo: null };
}

export function warn(what: string, words: string, todo: string): Finding {
  return { what, state: 'warn', words, todo };
}

export function broken(what: string, words: string, todo: string): Finding {
  return { what, state: 'broken', words, todo };
}
