// A prompt program on the local socket, as the consent desk sees it. It holds no power: the desk checks each answer.

import type { CommandAnswer, CommandQuestion } from '../consent/command-question.ts';
import type { AskOptions, PromptAnswer, Prompter, PromptQuestion } from '../consent/prompter.ts';
import { PromptLost } from './errors.ts';

/** How the prompter reaches its program. */
export interface PromptWire {
  show(question: PromptQuestion): void;
  showCommand(question: CommandQuestion): void;
  withdraw(id: string): void;
}

interface Pending {
  readonly id: string;
  /** Which kind of answer it takes; another kind is ignored. */
  readonly kind: 'scopes' | 'command';
  readonly onDisplayed: () => void;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: PromptLost) => void;
}

export class SocketPrompter implements Prompter {
  readonly name: string;
  protected readonly wire: PromptWire;
  #pending: Pending | null = null;
  #lost: PromptLost | null = null;

  constructor(name: string, wire: PromptWire) {
    this.name = name;
    this.wire = wire;
  }

  ask(question: PromptQuestion, options: AskOptions): Promise<PromptAnswer> {
    return this.put(question.id, 'scopes', options, () => this.wire.show(question));
  }

  /** One question at a time, of either kind. */
  protected put<A>(
    id: string,
    kind: Pending['kind'],
    { signal, onDisplayed }: AskOptions,
    show: () => void,
  ): Promise<A> {
    if (this.#lost !== null) return Promise.reject(this.#lost);
    if (signal.aborted) return Promise.reject(new PromptLost('the question was withdrawn'));
    if (this.#pending !== null) return Promise.reject(new PromptLost('this prompt already shows a question'));
    return new Promise<A>((resolve, reject) => {
      const withdraw = (): void => {
        this.wire.withdraw(id);
        this.#settle(id)?.reject(new PromptLost('the question was withdrawn'));
      };
      signal.addEventListener('abort', withdraw, { once: true });
      const done = (): void => signal.removeEventListener('abort', withdraw);
      this.#pending = {
        id,
        kind,
        onDisplayed,
        resolve: (answer) => {
          done();
          resolve(answer as A); // parsed by the schema of its kind, and judged again by the desk
        },
        reject: (error) => {
          done();
          reject(error);
        },
      };
      show();
    });
  }

  /** The program says that the question is on its screen. Late and foreign words are ignored, here and below. */
  displayed(id: string): void {
    if (this.#pending?.id === id) this.#pending.onDisplayed();
  }

  /** The first answer counts. */
  answered(id: string, answer: PromptAnswer): void {
    if (this.#pending?.kind === 'scopes') this.#settle(id)?.resolve(answer);
  }

  reviewed(id: string, answer: CommandAnswer): void {
    if (this.#pending?.kind === 'command') this.#settle(id)?.resolve(answer);
  }

  failed(id: string, problem: string): void {
    this.#settle(id)?.reject(new PromptLost(problem));
  }

  /** The program is gone; whatever was pending was not answered, and nothing can be asked any more. */
  lose(): void {
    this.#lost = new PromptLost('the prompt was closed');
    const pending = this.#pending;
    this.#pending = null;
    pending?.reject(this.#lost);
  }

  #settle(id: string): Pending | null {
    const pending = this.#pending;
    if (pending?.id !== id) return null;
    this.#pending = null;
    return pending;
  }
}

/** A program that said it can show proposed commands too. */
export class ReviewingPrompter extends SocketPrompter {
  review(question: CommandQuestion, options: AskOptions): Promise<CommandAnswer> {
    return this.put(question.id, 'command', options, () => this.wire.showCommand(question));
  }
}
