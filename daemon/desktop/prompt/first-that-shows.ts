// Asks in the best way that the desktop has; a way that cannot bring the question onto the screen gives way to the next.

import type { CommandAnswer, CommandQuestion } from '../../consent/command-question.ts';
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

  /** Whether a proposed command can be shown in any of the ways. */
  get reviews(): boolean {
    return this.#ways.some(({ review }) => review !== undefined);
  }

  ask(question: PromptQuestion, options: AskOptions): Promise<PromptAnswer> {
    return this.#first((way, shown) => way.ask(question, shown), options);
  }

  review(question: CommandQuestion, options: AskOptions): Promise<CommandAnswer> {
    return this.#first(async (way, shown) => {
      if (way.review === undefined) throw new PromptLost('this desktop has no way to show a command');
      return await way.review(question, shown);
    }, options);
  }

  async #first<A>(
    put: (way: Prompter, options: AskOptions) => Promise<A>,
    { signal, onDisplayed }: AskOptions,
  ): Promise<A> {
    let problem: unknown = new PromptLost('this desktop has no way to show a question');
    for (const way of this.#ways) {
      let displayed = false;
      try {
        return await put(way, {
          signal,
          onDisplayed: () => {
            displayed = true;
            return onDisplayed();
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
