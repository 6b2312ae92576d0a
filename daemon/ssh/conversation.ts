// Keyboard-interactive (RFC 4256) as a conversation: ask and get answers, or tell and go on.

import type { AuthenticationType, KeyboardAuthContext } from 'ssh2';
import { type ConversationStatus, STATUS_NAME } from '../../protocol/conversation.ts';
import { ChaperoneError } from '../../protocol/errors.ts';

const ANSWER_MAX = 2000; // characters of one answer
// What a refused client may try next. OpenSSH takes an empty list for "anything", and asks for a password that opens nothing.
export const NOTHING_FURTHER = ['ended@chaperone' as AuthenticationType];
const LAST_WORD_MS = 2_000; // a client that does not take its denial in this time is cut off without it

/** The technician's program went away. */
export class ConversationOver extends ChaperoneError {}

/** The technician's program answered what it was not asked, or without end. There is no way back into step. */
export class ConversationBroken extends ConversationOver {}

export interface ConversationOptions {
  /** The client parses status as JSON; else it is shown the sentence. */
  readonly structured: boolean;
  readonly title: string;
  /** The connection's end. */
  readonly signal: AbortSignal;
  /** Told once when the program breaks the conversation, also where nobody waits for its answer. */
  readonly onBroken: () => void;
}

/** What is said with a question, to a client that understands it. */
export interface Said {
  readonly name: string;
  readonly instruction: string;
}

export class Conversation {
  readonly #context: KeyboardAuthContext;
  readonly #structured: boolean;
  readonly #title: string;
  readonly #signal: AbortSignal;
  #turn: Promise<unknown> = Promise.resolve();
  readonly #onBroken: () => void;
  #asking = false;
  #over = false;
  #broken: ConversationBroken | undefined;

  constructor(context: KeyboardAuthContext, options: ConversationOptions) {
    this.#context = context;
    this.#structured = options.structured;
    this.#title = options.title;
    this.#signal = options.signal;
    this.#onBroken = options.onBroken;
  }

  get structured(): boolean {
    return this.#structured;
  }

  /** The answers, one per prompt, in order. Rejects with {@link ConversationOver} or {@link ConversationBroken}. */
  ask(prompts: readonly string[], said?: Said): Promise<string[]> {
    return this.#exchange(said?.name ?? this.#title, said?.instruction ?? '', prompts);
  }

  /** Shows where things stand. Resolves when the client has taken it. */
  async tell(status: ConversationStatus): Promise<void> {
    if (this.#structured) {
      await this.#exchange(STATUS_NAME, JSON.stringify(status), []);
    } else {
      await this.#exchange(this.#title, `${status.message}\n`, []);
    }
  }

  /** Ends the conversation with success: SSH channels may follow. */
  accept(): void {
    this.#over = true;
    this.#context.accept();
  }

  /** Says why, then ends the conversation with failure. Never rejects. */
  async refuse(status: ConversationStatus): Promise<void> {
    const patience = AbortSignal.timeout(LAST_WORD_MS);
    await Promise.race([this.tell(status).catch(() => undefined), aborted(patience)]);
    if (!this.#over) {
      this.#over = true;
      this.#context.reject(NOTHING_FURTHER);
    }
  }

  /** Whether somebody waits for the answers that have just come. If not, the program is out of step: there is no way back. */
  wereAsked(): boolean {
    if (!this.#asking) this.#break();
    return this.#asking;
  }

  #break(): ConversationBroken {
    const broken = new ConversationBroken("the technician's program broke the conversation");
    if (!this.#over) {
      this.#over = true;
      this.#broken = broken;
      this.#context.reject(NOTHING_FURTHER);
      this.#onBroken();
    }
    return broken;
  }

  /** One information request at a time: the answers carry no number. */
  #exchange(name: string, instruction: string, prompts: readonly string[]): Promise<string[]> {
    const turn = this.#turn.then(
      () =>
        new Promise<string[]>((resolve, reject) => {
          const over = () => reject(this.#broken ?? new ConversationOver('the technician went away'));
          if (this.#over || this.#signal.aborted) {
            over();
            return;
          }
          this.#signal.addEventListener('abort', over, { once: true });
          this.#asking = true;
          this.#context.prompt(
            prompts.map((prompt) => ({ prompt, echo: true })),
            name,
            instruction,
            (answers: string[] | Error) => {
              this.#asking = false;
              this.#signal.removeEventListener('abort', over);
              const taken = answers instanceof Error ? null : takeAnswers(answers, prompts.length);
              if (taken === null) {
                reject(this.#break());
              } else {
                resolve(taken);
              }
            },
          );
        }),
    );
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

function takeAnswers(answers: readonly string[], expected: number): string[] | null {
  if (answers.length !== expected || answers.some((answer) => answer.length > ANSWER_MAX)) {
    return null;
  }
  return [...answers];
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
