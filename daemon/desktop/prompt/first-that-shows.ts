// Asks in the best way that the desktop has; a way that cannot bring the question onto the screen gives way to the next.

import type { AskOptions, PromptAnswer, Prompter, PromptQuestion } from '../../consent/prompter.ts';
import { PromptLost } from '../../local/errors.ts';

export class FirstThatShows implements Prompter {
  readonly #ways: readonly Prompter[];

  constructor(ways: readonly Prompter[]) {
    this.#ways = ways;
  }

  get name(): string {
    return this.#ways[0]?.name ?? 'no window';
  }

  async ask(question: PromptQuestion, { signal, onDisplayed }: AskOptions): Promise<PromptAnswer> {
    let problem: unknown = new PromptLost('this desktop has no way to show a question');
    for (const way of this.#ways) {
      let displayed = false;
      try {
        return await way.ask(question, {
          signal,
          onDisplayed: () => {
            displayed = true;
            onDisplayed();
          },
        });
      } catch (error) {
        // Once it was on the screen, losing it is an answer: whoever closed it by force did not say yes.
        if (displayed || signal.aborted) throw error;
        problem = error;
      }
    }
    throw problem;
  }
}
