// Where the local user is asked. Holds the clock, checks every answer, and lets one question be on screen at a time.

import { ALLOW_ARMS_AFTER_MS, DISPLAY_TIMEOUT_MS } from '../../protocol/consent.ts';
import { intersectScopes, type Scope } from '../../protocol/scopes.ts';
import { PromptAnswer, type Prompter, type PromptQuestion } from './prompter.ts';

const ACKNOWLEDGEMENT_MS = 200; // the word that a prompt is on screen travels; its own clock starts a little earlier

export type DeskAnswer =
  | { readonly kind: 'allowed'; readonly scopes: readonly Scope[] }
  | { readonly kind: 'declined'; readonly reason: string }
  | { readonly kind: 'nobody'; readonly reason: string }
  | { readonly kind: 'expired' }
  | { readonly kind: 'withdrawn' };

export interface AskingEvents {
  /** The question goes to this prompter now. */
  readonly onPrompted: (prompter: string) => Promise<void>;
  /** The prompter says that it is on screen. */
  readonly onDisplayed: (prompter: string) => void;
}

/** Everything of a question that is known before it is put. */
export type Question = Omit<PromptQuestion, 'until' | 'armsAfterMs'>;

export class ConsentDesk {
  readonly #prompters = new Set<Prompter>();
  readonly #armsAfterMs: number;
  #turn: Promise<unknown> = Promise.resolve();
  #asking: { question: Question; until: number } | null = null;
  #waiting = 0;

  constructor(armsAfterMs: number = ALLOW_ARMS_AFTER_MS) {
    this.#armsAfterMs = armsAfterMs;
  }

  get prompterNames(): string[] {
    return [...this.#prompters].map((prompter) => prompter.name);
  }

  /** The question on screen now. */
  get asking(): { readonly question: Question; readonly until: number } | null {
    return this.#asking;
  }

  /** Whether someone else is being asked about now. */
  get busy(): boolean {
    return this.#waiting > 0;
  }

  addPrompter(prompter: Prompter): Disposable {
    this.#prompters.add(prompter);
    return { [Symbol.dispose]: () => void this.#prompters.delete(prompter) };
  }

  /** Puts the question when its turn comes. Only an explicit, timely, sane answer of a prompt that was on screen allows. */
  ask(question: Question, timeoutMs: number, events: AskingEvents, signal: AbortSignal): Promise<DeskAnswer> {
    this.#waiting += 1;
    const turn = this.#turn.then(async (): Promise<DeskAnswer> => {
      try {
        return signal.aborted ? { kind: 'withdrawn' } : await this.#put(question, timeoutMs, events, signal);
      } finally {
        this.#waiting -= 1;
        this.#asking = null;
      }
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #put(question: Question, timeoutMs: number, events: AskingEvents, signal: AbortSignal): Promise<DeskAnswer> {
    // The one that was there first: a program that joins later cannot take the question away from it.
    const [prompter] = this.#prompters;
    if (prompter === undefined) {
      return { kind: 'nobody', reason: 'no one could be asked: no prompt is open on the machine' };
    }
    const until = Date.now() + timeoutMs;
    this.#asking = { question, until };
    await events.onPrompted(prompter.name);

    const closed = new AbortController();
    let displayedAt: number | null = null;
    let settle: (answer: DeskAnswer) => void = () => undefined;
    const settled = new Promise<DeskAnswer>((resolve) => {
      settle = resolve;
    });
    const display = setTimeout(() => {
      if (displayedAt === null) {
        settle({ kind: 'nobody', reason: 'no one could be asked: the prompt did not appear' });
      }
    }, DISPLAY_TIMEOUT_MS);
    const expiry = setTimeout(() => settle({ kind: 'expired' }), Math.max(0, until - Date.now()));
    const withdraw = () => settle({ kind: 'withdrawn' });
    signal.addEventListener('abort', withdraw, { once: true });

    const onDisplayed = () => {
      if (displayedAt === null && !closed.signal.aborted) {
        displayedAt = performance.now();
        events.onDisplayed(prompter.name);
      }
    };
    prompter
      .ask(
        { ...question, until: new Date(until).toISOString(), armsAfterMs: this.#armsAfterMs },
        { signal: closed.signal, onDisplayed },
      )
      .then(
        (answer) => settle(this.#judge(answer, question, displayedAt)),
        () => settle({ kind: 'nobody', reason: 'no one could be asked: the prompt was closed' }),
      );
    try {
      return await settled;
    } finally {
      clearTimeout(display);
      clearTimeout(expiry);
      signal.removeEventListener('abort', withdraw);
      closed.abort();
    }
  }

  #judge(given: unknown, question: Question, displayedAt: number | null): DeskAnswer {
    const parsed = PromptAnswer.safeParse(given);
    if (!parsed.success) {
      return { kind: 'declined', reason: 'the answer could not be understood' };
    }
    const answer = parsed.data;
    if (!answer.allow) {
      return { kind: 'declined', reason: answer.reason ?? 'the person declined' };
    }
    if (displayedAt === null) {
      return { kind: 'nobody', reason: 'no one could be asked: the prompt was never on screen' };
    }
    if (performance.now() - displayedAt < this.#armsAfterMs - ACKNOWLEDGEMENT_MS) {
      return { kind: 'declined', reason: 'the answer came too early to be meant' };
    }
    const scopes = intersectScopes(
      answer.scopes,
      question.offered.map((offer) => offer.scope),
    );
    return scopes.length === 0
      ? { kind: 'declined', reason: 'the person left every permission unticked' }
      : { kind: 'allowed', scopes };
  }
}
