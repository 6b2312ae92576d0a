// The person at the machine, played by a test through the daemon's own socket: sees every question, answers when told.
// Where the words on the screen matter, run the real `chaperoned prompt` in a Terminal instead.

import { setTimeout as delay } from 'node:timers/promises';
import type { PromptQuestion } from '../../daemon/consent/prompter.ts';
import type { LocalClient, PromptVoice } from '../../daemon/local/client.ts';
import type { Scope } from '../../protocol/scopes.ts';

const PATIENCE_MS = 60_000; // a slow, busy machine

/** A question on the person's screen. */
export class AskedQuestion {
  readonly question: PromptQuestion;
  /** Resolves when it was taken off the screen. */
  readonly withdrawn: Promise<void>;
  readonly #voice: () => PromptVoice;
  readonly #since = performance.now();

  constructor(question: PromptQuestion, voice: () => PromptVoice, withdrawn: Promise<void>) {
    this.question = question;
    this.#voice = voice;
    this.withdrawn = withdrawn;
  }

  /** Allows the scopes (all that are offered when none are named), not before an answer counts. */
  async allow(scopes: readonly Scope[] = this.question.offered.map(({ scope }) => scope)): Promise<void> {
    await delay(Math.max(0, this.question.armsAfterMs - (performance.now() - this.#since)));
    this.allowAtOnce(scopes);
  }

  /** What no honest prompt does: it answers before anyone could have read. */
  allowAtOnce(scopes: readonly Scope[]): void {
    this.#voice().answer(this.question.id, { allow: true, scopes: [...scopes] });
  }

  deny(): void {
    this.#voice().answer(this.question.id, { allow: false });
  }
}

export class Person implements Disposable {
  readonly #client: LocalClient;
  readonly #shown: AskedQuestion[] = [];
  readonly #waiting: ((question: AskedQuestion) => void)[] = [];
  readonly #withdrawals = new Map<string, () => void>();
  #left = false;

  private constructor(client: LocalClient) {
    this.#client = client;
  }

  /** Sits down at the machine; `displays: false` is a prompt that never comes on screen. Owns `client` from now on. */
  static async at(client: LocalClient, { displays = true, name = 'a test' } = {}): Promise<Person> {
    const person = new Person(client);
    let voice: PromptVoice | undefined;
    const speak = (): PromptVoice => {
      if (voice === undefined) throw new Error('the prompt is not attached yet');
      return voice;
    };
    voice = await client.prompt(name, {
      onShow: (question) => {
        if (displays) speak().displayed(question.id);
        const { promise, resolve } = Promise.withResolvers<void>();
        person.#withdrawals.set(question.id, resolve);
        person.#see(new AskedQuestion(question, speak, promise));
      },
      onWithdraw: (id) => person.#withdrawals.get(id)?.(),
    });
    return person;
  }

  /** Questions that nobody has taken yet. */
  get unseen(): number {
    return this.#shown.length;
  }

  /** Whether the prompt is closed. */
  get left(): boolean {
    return this.#left;
  }

  /** The next question, once it is there. */
  asked(): Promise<AskedQuestion> {
    const first = this.#shown.shift();
    if (first !== undefined) return Promise.resolve(first);
    const { promise, resolve, reject } = Promise.withResolvers<AskedQuestion>();
    const failure = new Error('nobody asked this person anything (the oldest prompt is asked)');
    const timer = setTimeout(() => reject(failure), PATIENCE_MS);
    this.#waiting.push(resolve);
    return promise.finally(() => clearTimeout(timer));
  }

  /** Leaves: the prompt is closed. */
  [Symbol.dispose](): void {
    this.#left = true;
    this.#client[Symbol.dispose]();
  }

  #see(question: AskedQuestion): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#shown.push(question);
    else waiting(question);
  }
}
