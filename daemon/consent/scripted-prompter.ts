// A prompter that a test answers. It refuses to exist anywhere else: no program may answer in the person's place.

import { ChaperoneError } from '../../protocol/errors.ts';
import type { AskOptions, PromptAnswer, Prompter, PromptQuestion } from './prompter.ts';

if (process.env.VITEST === undefined) {
  throw new ChaperoneError('the scripted prompter works in tests only');
}

/** One question that waits for the test's answer. */
export interface ScriptedQuestion {
  readonly question: PromptQuestion;
  /** Says that it is on screen. */
  display(): void;
  answer(answer: PromptAnswer): void;
  /** The screen is lost. */
  vanish(): void;
}

export class ScriptedPrompter implements Prompter {
  readonly name = 'scripted';
  readonly #onQuestion: (question: ScriptedQuestion) => void;

  constructor(onQuestion: (question: ScriptedQuestion) => void) {
    this.#onQuestion = onQuestion;
  }

  ask(question: PromptQuestion, { signal, onDisplayed }: AskOptions): Promise<PromptAnswer> {
    return new Promise((resolve, reject) => {
      const withdraw = (): void => reject(new ChaperoneError('the question was withdrawn'));
      signal.addEventListener('abort', withdraw, { once: true });
      this.#onQuestion({
        question,
        display: onDisplayed,
        answer: resolve,
        vanish: () => reject(new ChaperoneError('the screen is gone')),
      });
    });
  }
}
