// A prompt program on the local socket, as the consent desk sees it. It holds no power: the desk checks each answer.

import type { AskOptions, PromptAnswer, Prompter, PromptQuestion } from '../consent/prompter.ts';
import { PromptLost } from './errors.ts';

/** How the prompter reaches its program. */
export interface PromptWire {
  show(question: PromptQuestion): void;
  withdraw(id: string): void;
}

interface Pending {
  readonly id: string;
  readonly onDisplayed: () => void;
  readonly resolve: (answer: PromptAnswer) => void;
  readonly reject: (error: PromptLost) => void;
}

export class SocketPrompter implements Prompter {
  readonly name: string;
  readonly #wire: PromptWire;
  #pending: Pending | null = null;
  #lost: PromptLost | null = null;

  constructor(name: string, wire: PromptWire) {
    this.name = name;
    this.#wire = wire;
  }

  ask(question: PromptQuestion, { signal, onDisplayed }: AskOptions): Promise<PromptAnswer> {
    if (this.#lost !== null) return Promise.reject(this.#lost);
    if (signal.aborted) return Promise.reject(new PromptLost('the question was withdrawn'));
    if (this.#pending !== null) return Promise.reject(new PromptLost('this prompt already shows a question'));
    return new Promise<PromptAnswer>((resolve, reject) => {
      const withdraw = (): void => {
        this.#wire.withdraw(question.id);
        this.#settle(question.id)?.reject(new PromptLost('the question was withdrawn'));
      };
      signal.addEventListener('abort', withdraw, { once: true });
      const done = (): void => signal.removeEventListener('abort', withdraw);
      this.#pending = {
        id: question.id,
        onDisplayed,
        resolve: (answer) => {
          done();
          resolve(answer);
        },
        reject: (error) => {
          done();
          reject(error);
        },
      };
      this.#wire.show(question);
    });
  }

  /** The program says that the question is on its screen. Late and foreign words are ignored, here and below. */
  displayed(id: string): void {
    if (this.#pending?.id === id) this.#pending.onDisplayed();
  }

  /** The first answer counts. */
  answered(id: string, answer: PromptAnswer): void {
    this.#settle(id)?.resolve(answer);
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
