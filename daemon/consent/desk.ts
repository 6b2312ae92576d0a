// Where the local user is asked. Holds the clock, checks every answer, and lets one question be on screen at a time.

import { ALLOW_ARMS_AFTER_MS, DISPLAY_TIMEOUT_MS } from '../../protocol/consent.ts';
import { intersectScopes, type Scope } from '../../protocol/scopes.ts';
import { Emitter } from '../session/emitter.ts';
import { CommandAnswer, type CommandQuestion } from './command-question.ts';
import { type AskOptions, PromptAnswer, type Prompter, type PromptQuestion } from './prompter.ts';

const ACKNOWLEDGEMENT_MS = 200; // the word that a prompt is on screen travels; its own clock starts a little earlier

/** Every way in which a question leads to nothing. */
export type Refusing =
  | { readonly kind: 'declined'; readonly reason: string }
  | { readonly kind: 'nobody'; readonly reason: string }
  | { readonly kind: 'expired' }
  | { readonly kind: 'withdrawn' };

export type DeskAnswer = { readonly kind: 'allowed'; readonly scopes: readonly Scope[] } | Refusing;

export type ReviewAnswer =
  | { readonly kind: 'approved'; readonly similar: boolean }
  | { readonly kind: 'edited'; readonly command: string }
  | Refusing;

export interface AskingEvents {
  /** The question goes to this prompter now. */
  readonly onPrompted: (prompter: string) => Promise<void>;
  /** The prompter says that it is on screen. */
  readonly onDisplayed: (prompter: string) => void;
}

/** Everything of a question that is known before it is put. */
export type Question = Omit<PromptQuestion, 'until' | 'armsAfterMs'>;
/** The same for a proposed command. */
export type Review = Omit<CommandQuestion, 'until' | 'armsAfterMs'>;

/** What status and screens say about the question that is open. */
export type OpenQuestion = Pick<Question, 'technician' | 'reason'>;

interface Timing {
  readonly until: string;
  readonly armsAfterMs: number;
}

/** One kind of question: who can show it, how it is shown, and what an answer that was seen and timely is worth. */
interface Kind<A> {
  readonly question: OpenQuestion;
  readonly canShow: (prompter: Prompter) => boolean;
  readonly show: (prompter: Prompter, timing: Timing, options: AskOptions) => Promise<unknown>;
  readonly judge: (given: unknown) => Judgement<A>;
}

/** `no` needs neither a screen nor patience; anything else is believed only when it was on screen long enough. */
type Judgement<A> = { readonly no: Refusing } | { readonly yes: A };

/** Where the person in front of a prompt is, the best place first. */
const PLACES = ['console', 'here', 'remote'] as const;
export type PromptPlace = (typeof PLACES)[number];

/** Calls `over` in `ms`, unless it is disposed of before. */
export type AnswerClock = (ms: number, over: () => void) => Disposable;

const answerClock: AnswerClock = (ms, over) => {
  const timer = setTimeout(over, ms);
  return { [Symbol.dispose]: () => clearTimeout(timer) };
};

export class ConsentDesk {
  /** Each with where its person is. */
  readonly #prompters = new Map<Prompter, PromptPlace>();
  /** Who can be asked, or who asks, has changed. */
  readonly changed = new Emitter<void>();
  readonly #armsAfterMs: number;
  readonly #clock: AnswerClock;
  #turn: Promise<unknown> = Promise.resolve();
  #asking: { question: OpenQuestion; until: number } | null = null;
  #waiting = 0;

  /** @param clock of the time to answer; tests let it be over when they have read */
  constructor(armsAfterMs: number = ALLOW_ARMS_AFTER_MS, clock: AnswerClock = answerClock) {
    this.#armsAfterMs = armsAfterMs;
    this.#clock = clock;
  }

  get prompterNames(): string[] {
    return this.#inOrder().map((prompter) => prompter.name);
  }

  /** The question on screen now. */
  get asking(): { readonly question: OpenQuestion; readonly until: number } | null {
    return this.#asking;
  }

  /** Whether someone else is being asked about now. */
  get busy(): boolean {
    return this.#waiting > 0;
  }

  addPrompter(prompter: Prompter, place: PromptPlace = 'here'): Disposable {
    this.#prompters.set(prompter, place);
    this.changed.emit();
    return {
      [Symbol.dispose]: () => {
        if (this.#prompters.delete(prompter)) this.changed.emit();
      },
    };
  }

  /** The person at the console before everyone else, remote logins last; of the same place the first that came. */
  #inOrder(): Prompter[] {
    const entries = [...this.#prompters].sort(([, one], [, other]) => PLACES.indexOf(one) - PLACES.indexOf(other));
    return entries.map(([prompter]) => prompter);
  }

  /** Puts the question when its turn comes. Only an explicit, timely, sane answer of a prompt that was on screen allows. */
  ask(question: Question, timeoutMs: number, events: AskingEvents, signal: AbortSignal): Promise<DeskAnswer> {
    const kind: Kind<DeskAnswer> = {
      question,
      canShow: () => true,
      show: (prompter, timing, options) => prompter.ask({ ...question, ...timing }, options),
      judge: (given) => judgeScopes(given, question),
    };
    return this.#inTurn(kind, timeoutMs, events, signal);
  }

  /** The same for a proposed command: only an approval that names exactly this command lets it run. */
  review(question: Review, timeoutMs: number, events: AskingEvents, signal: AbortSignal): Promise<ReviewAnswer> {
    const kind: Kind<ReviewAnswer> = {
      question,
      canShow: (prompter) => prompter.review !== undefined,
      show: async (prompter, timing, options) => await prompter.review?.({ ...question, ...timing }, options),
      judge: (given) => judgeCommand(given, question),
    };
    return this.#inTurn(kind, timeoutMs, events, signal);
  }

  #inTurn<A>(kind: Kind<A>, timeoutMs: number, events: AskingEvents, signal: AbortSignal): Promise<A | Refusing> {
    this.#waiting += 1;
    const turn = this.#turn.then(async (): Promise<A | Refusing> => {
      try {
        return signal.aborted ? { kind: 'withdrawn' } : await this.#put(kind, timeoutMs, events, signal);
      } finally {
        this.#waiting -= 1;
        this.#asking = null;
        this.changed.emit();
      }
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #put<A>(kind: Kind<A>, timeoutMs: number, events: AskingEvents, signal: AbortSignal): Promise<A | Refusing> {
    // The one that was there first: a program that joins later cannot take the question away from it.
    const [prompter] = this.#inOrder().filter(kind.canShow);
    if (prompter === undefined) {
      return { kind: 'nobody', reason: 'no one could be asked: no prompt is open on the machine' };
    }
    const until = Date.now() + timeoutMs;
    await events.onPrompted(prompter.name);
    this.#asking = { question: kind.question, until }; // known to nobody before the log has it
    this.changed.emit();

    const closed = new AbortController();
    let displayedAt: number | null = null;
    let settle: (answer: A | Refusing) => void = () => undefined;
    const settled = new Promise<A | Refusing>((resolve) => {
      settle = resolve;
    });
    const display = setTimeout(() => {
      if (displayedAt === null) {
        settle({ kind: 'nobody', reason: 'no one could be asked: the prompt did not appear' });
      }
    }, DISPLAY_TIMEOUT_MS);
    using _ = this.#clock(Math.max(0, until - Date.now()), () => settle({ kind: 'expired' }));
    const withdraw = () => settle({ kind: 'withdrawn' });
    signal.addEventListener('abort', withdraw, { once: true });
    if (signal.aborted) {
      withdraw(); // while the log was written
    }

    const onDisplayed = () => {
      if (displayedAt === null && !closed.signal.aborted) {
        displayedAt = performance.now();
        events.onDisplayed(prompter.name);
      }
    };
    const timing = { until: new Date(until).toISOString(), armsAfterMs: this.#armsAfterMs };
    kind.show(prompter, timing, { signal: closed.signal, onDisplayed }).then(
      (given) => settle(this.#believe(kind.judge(given), displayedAt)),
      () => settle({ kind: 'nobody', reason: 'no one could be asked: the prompt was closed' }),
    );
    try {
      return await settled;
    } finally {
      clearTimeout(display);
      signal.removeEventListener('abort', withdraw);
      closed.abort();
    }
  }

  #believe<A>(judgement: Judgement<A>, displayedAt: number | null): A | Refusing {
    if ('no' in judgement) {
      return judgement.no;
    }
    if (displayedAt === null) {
      return { kind: 'nobody', reason: 'no one could be asked: the prompt was never on screen' };
    }
    if (performance.now() - displayedAt < this.#armsAfterMs - ACKNOWLEDGEMENT_MS) {
      return { kind: 'declined', reason: 'the answer came too early to be meant' };
    }
    return judgement.yes;
  }
}

function declined(reason: string): { readonly no: Refusing } {
  return { no: { kind: 'declined', reason } };
}

function judgeScopes(given: unknown, question: Question): Judgement<DeskAnswer> {
  const parsed = PromptAnswer.safeParse(given);
  if (!parsed.success) {
    return declined('the answer could not be understood');
  }
  const answer = parsed.data;
  if (!answer.allow) {
    return declined(answer.reason ?? 'the person declined');
  }
  const scopes = intersectScopes(
    answer.scopes,
    question.offered.map((offer) => offer.scope),
  );
  return scopes.length === 0
    ? { yes: { kind: 'declined', reason: 'the person left every permission unticked' } }
    : { yes: { kind: 'allowed', scopes } };
}

function judgeCommand(given: unknown, question: Review): Judgement<ReviewAnswer> {
  const parsed = CommandAnswer.safeParse(given);
  if (!parsed.success) {
    return declined('the answer could not be understood');
  }
  const answer = parsed.data;
  switch (answer.answer) {
    case 'decline':
      return declined(answer.reason ?? 'the person declined');
    case 'edit':
      return { yes: { kind: 'edited', command: answer.command } };
    case 'approve':
      return answer.digest === question.digest
        ? { yes: { kind: 'approved', similar: answer.similar && question.similar !== null } }
        : declined('the answer was about another command');
  }
}
