// Carries questions from the daemon to the desktop and answers back. It decides nothing: the daemon checks every answer.

import type { Prompter, PromptQuestion } from '../consent/prompter.ts';
import type { PromptScreen, PromptVoice } from '../local/client.ts';
import { sentenceOf } from '../prompt/model.ts';

export interface QuestionEvents {
  /** Somebody is asked, or not any more. */
  onChange(question: PromptQuestion | null): void;
  /** The question was answered, or could not be put. */
  onOver(question: PromptQuestion, outcome: 'allowed' | 'denied' | 'not shown'): void;
}

export class Questions implements PromptScreen, Disposable {
  readonly #prompter: Prompter;
  readonly #events: QuestionEvents;
  #voice: PromptVoice | null = null;
  #present: { readonly question: PromptQuestion; readonly stop: AbortController } | null = null;

  constructor(prompter: Prompter, events: QuestionEvents) {
    this.#prompter = prompter;
    this.#events = events;
  }

  /** Where displays and answers are told. */
  set voice(voice: PromptVoice) {
    this.#voice = voice;
  }

  onShow(question: PromptQuestion): void {
    if (this.#present !== null) {
      this.#voice?.failed(question.id, 'another question is on the screen');
      return;
    }
    const stop = new AbortController();
    this.#present = { question, stop };
    this.#events.onChange(question);
    void this.#ask(question, stop.signal);
  }

  onWithdraw(id: string): void {
    if (this.#present?.question.id === id) this.#present.stop.abort();
  }

  async #ask(question: PromptQuestion, signal: AbortSignal): Promise<void> {
    const onDisplayed = (): void => this.#voice?.displayed(question.id);
    try {
      const answer = await this.#prompter.ask(question, { signal, onDisplayed });
      this.#clear();
      if (signal.aborted) return;
      this.#voice?.answer(question.id, answer);
      this.#events.onOver(question, answer.allow ? 'allowed' : 'denied');
    } catch (error) {
      this.#clear();
      if (signal.aborted) return;
      this.#voice?.failed(question.id, sentenceOf(error).slice(0, 200));
      this.#events.onOver(question, 'not shown');
    }
  }

  /** Before the daemon hears the answer: it may put the next question at once. */
  #clear(): void {
    this.#present = null;
    this.#events.onChange(null);
  }

  [Symbol.dispose](): void {
    this.#present?.stop.abort();
  }
}
