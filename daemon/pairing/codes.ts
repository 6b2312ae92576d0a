// The machine's one-time code: who has it may ask the local user, once (promise: no code, no prompt).

import { newOneTimeCode, parseOneTimeCode, sameCode } from '../../protocol/one-time-code.ts';
import { Emitter } from '../session/emitter.ts';

export const CODE_ATTEMPTS = 3; // then a new code: 1 in 2^24 per code
export const CODE_LIFETIME_MS = 10 * 60_000; // a phone call's worth; DESIGN.md §5

export interface PresentCode {
  readonly code: string;
  /** Why it was made. */
  readonly because: NewCodeReason;
  readonly expiresAt: number;
  readonly attemptsLeft: number;
}

/** Why a code was made, for the audit log and the prompt. */
export const NEW_CODE_REASONS = [
  'started',
  'used',
  'expired',
  'three wrong attempts',
  'asked for',
  'session ended',
] as const;
export type NewCodeReason = (typeof NEW_CODE_REASONS)[number];

export type CodeVerdict = { readonly accepted: true } | { readonly accepted: false; readonly attemptsLeft: number };

/**
 * Holds exactly one valid code. A right answer uses it up, the third wrong one throws it away, and it expires; each
 * time a new one is made at once, so that a technician's typing errors never leave the person without a code.
 */
export class OneTimeCodes implements Disposable {
  #present: PresentCode;
  #timer: NodeJS.Timeout | undefined;
  /** Another code, or one try fewer. */
  readonly changed = new Emitter<void>();
  readonly #onNew: (code: PresentCode, reason: NewCodeReason) => void;

  constructor(onNew: (code: PresentCode, reason: NewCodeReason) => void) {
    this.#onNew = onNew;
    this.#present = this.#make('started');
  }

  get present(): PresentCode {
    return this.#present;
  }

  renew(reason: NewCodeReason): PresentCode {
    this.#present = this.#make(reason);
    this.changed.emit();
    return this.#present;
  }

  /**
   * Compares in constant time; a text that is no code at all counts as an attempt like any other, and so does null, where
   * nothing was proven. A code that was right until a moment ago is as wrong as one that never was.
   */
  try(answer: string | null): CodeVerdict {
    if (answer !== null && sameCode(canonical(answer), this.#present.code)) {
      this.renew('used');
      return { accepted: true };
    }
    const attemptsLeft = this.#present.attemptsLeft - 1;
    if (attemptsLeft <= 0) {
      this.renew('three wrong attempts');
      return { accepted: false, attemptsLeft: 0 };
    }
    this.#present = { ...this.#present, attemptsLeft };
    this.changed.emit();
    return { accepted: false, attemptsLeft };
  }

  #make(reason: NewCodeReason): PresentCode {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.renew('expired'), CODE_LIFETIME_MS);
    this.#timer.unref();
    const expiresAt = Date.now() + CODE_LIFETIME_MS;
    const code = { code: newOneTimeCode(), because: reason, expiresAt, attemptsLeft: CODE_ATTEMPTS };
    this.#onNew(code, reason);
    return code;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}

function canonical(answer: string): string {
  try {
    return parseOneTimeCode(answer);
  } catch {
    return answer;
  }
}
