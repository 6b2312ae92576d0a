// Carries questions from the daemon to the desktop and answers back. It decides nothing: the daemon checks every answer.

import type { CommandQuestion } from '../consent/command-question.ts';
import type { AskOptions, Prompter, PromptQuestion } from '../consent/prompter.ts';
import type { PromptScreen, PromptVoice } from '../local/client.ts';
import type { MachineStatus } from '../local/controls.ts';
import { sentenceOf } from '../prompt/model.ts';

/** What every kind of question has. */
export type AnyQuestion = Pick<PromptQuestion, 'id' | 'technician'>;

export interface QuestionEvents {
  /** Somebody is asked, or not any more. */
  onChange(question: AnyQuestion | null): void;
  /** The question could not be put. */
  onNotShown(question: AnyQuestion): void;
  /** How the machine is from now on. */
  onMachine(status: MachineStatus): void;
}

export class Questions implements PromptScreen, Disposable {
  readonly onCommand?: (question: CommandQuestion) => void;
  readonly #prompter: Prompter;
  readonly #events: QuestionEvents;
  #voice: PromptVoice | null = null;
  #present: { readonly question: AnyQuestion; readonly stop: AbortController } | null = null;

  /** `reviews`: whether it can show proposed commands. */
  constructor(prompter: Prompter, reviews: boolean, events: QuestionEvents) {
    this.#prompter = prompter;
    this.#events = events;
    if (reviews) {
      this.onCommand = (question) =>
        this.#put(
          question,
          async (options) => await this.#prompter.review?.(question, options),
          (answer) => answer !== undefined && this.#voice?.answerCommand(question.id, answer),
        );
    }
  }

  /** Where displays and answers are told. */
  set voice(voice: PromptVoice) {
    this.#voice = voice;
  }

  onMachine(status: MachineStatus): void {
    this.#events.onMachine(status);
  }

  onShow(question: PromptQuestion): void {
    this.#put(
      question,
      (options) => this.#prompter.ask(question, options),
      (answer) => this.#voice?.answer(question.id, answer),
    );
  }

  onWithdraw(id: string): void {
    if (this.#present?.question.id === id) this.#present.stop.abort();
  }

  #put<A>(question: AnyQuestion, ask: (options: AskOptions) => Promise<A>, answer: (given: A) => void): void {
    if (this.#present !== null) {
      this.#voice?.failed(question.id, 'another question is on the screen');
      return;
    }
    const { id } = question;
    const stop = new AbortController();
    const { signal } = stop;
    this.#present = { question, stop };
    this.#events.onChange(question);
    const onDisplayed = () => this.#voice?.displayed(id);
    ask({ signal, onDisplayed }).then(
      (given) => {
        this.#clear();
        if (!signal.aborted) answer(given);
      },
      (error: unknown) => {
        this.#clear();
        if (signal.aborted) return;
        this.#voice?.failed(id, sentenceOf(error).slice(0, 200));
        this.#events.onNotShown(question);
      },
    );
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
