// How often a technician may have the person asked during one session: one question at a time, fewer after each no.

import { COMMANDS_MAX } from '../../protocol/receipt.ts';

const PAUSE_MAX_MS = 10 * 60_000;

export interface QuestionLimits {
  /** Questions in one session. */
  readonly most: number;
  /** Refusals after which nothing is asked any more. */
  readonly refusals: number;
  /** Wait after the first refusal in ms; it doubles with each further one. */
  readonly pauseMs: number;
  /** Whether a yes makes the next pause short again. */
  readonly forgives: boolean;
}

/** For more permissions: rare, and a no is meant. */
export const FOR_SCOPES: QuestionLimits = { most: 20, refusals: 5, pauseMs: 30_000, forgives: false };
/** For commands: many are usual in one session. */
export const FOR_COMMANDS: QuestionLimits = { most: COMMANDS_MAX, refusals: 20, pauseMs: 5_000, forgives: true };

/** What can be open is shared by the kinds of questions of one session. */
export class OpenQuestion {
  taken = false;
}

export class QuestionLimit {
  readonly #limits: QuestionLimits;
  readonly #open: OpenQuestion;
  readonly #now: () => number;
  #asked = 0;
  #refused = 0;
  #inARow = 0;
  #notBefore = 0;

  /** @param now a clock in ms that never goes back */
  constructor(limits: QuestionLimits, open: OpenQuestion, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#open = open;
    this.#now = now;
  }

  /** Takes the place of the one open question, or says in words why it cannot be taken. */
  begin(): string | null {
    const { most, refusals } = this.#limits;
    if (this.#open.taken) return 'another question of yours is open already';
    if (this.#refused >= refusals) return `the person said no ${refusals} times; nothing more is asked in this session`;
    if (this.#asked >= most) return `this session has asked ${most} times, which is the limit`;
    const wait = this.#notBefore - this.#now();
    if (wait > 0) return `the person said no; ask again in ${Math.ceil(wait / 1000)} seconds`;
    this.#asked += 1;
    this.#open.taken = true;
    return null;
  }

  /** The question is over. Whatever is no yes counts as a no. */
  end(allowed: boolean): void {
    this.#open.taken = false;
    if (allowed) {
      if (this.#limits.forgives) this.#inARow = 0;
      return;
    }
    this.#refused += 1;
    this.#inARow += 1;
    this.#notBefore = this.#now() + Math.min(PAUSE_MAX_MS, this.#limits.pauseMs * 2 ** (this.#inARow - 1));
  }
}
