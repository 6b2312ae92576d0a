// The person at the machine, played by a test through the daemon's own socket: sees every question, answers when told.
// Where the words on the screen matter, run the real `chaperoned prompt` in a Terminal instead.

import { setTimeout as delay } from 'node:timers/promises';
import type { CommandAnswer, CommandQuestion } from '../../daemon/consent/command-question.ts';
import type { PromptQuestion } from '../../daemon/consent/prompter.ts';
import type { LocalClient, PromptVoice } from '../../daemon/local/client.ts';
import type { Scope } from '../../protocol/scopes.ts';

const PATIENCE_MS = 60_000; // a slow, busy machine

/** When the daemon had heard that the question is on the screen: it counts from there, however late it hears. */
type Heard = Promise<number>;

interface Appearance {
  readonly withdrawn: Promise<void>;
  readonly heard: Heard;
}

/** Resolves when an answer counts. */
async function untilArmed({ armsAfterMs }: { readonly armsAfterMs: number }, heard: Heard): Promise<void> {
  await delay(Math.max(0, armsAfterMs - (performance.now() - (await heard))));
}

/** A question on the person's screen. */
export class AskedQuestion {
  readonly question: PromptQuestion;
  /** Resolves when it was taken off the screen. */
  readonly withdrawn: Promise<void>;
  readonly #voice: () => PromptVoice;
  readonly #heard: Heard;

  constructor(question: PromptQuestion, voice: () => PromptVoice, { withdrawn, heard }: Appearance) {
    this.question = question;
    this.#voice = voice;
    this.withdrawn = withdrawn;
    this.#heard = heard;
  }

  /** Allows the scopes (all that are offered when none are named), not before an answer counts. */
  async allow(scopes: readonly Scope[] = this.question.offered.map(({ scope }) => scope)): Promise<void> {
    await untilArmed(this.question, this.#heard);
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

/** A proposed command on the person's screen. */
export class AskedCommand {
  readonly question: CommandQuestion;
  readonly withdrawn: Promise<void>;
  readonly #voice: () => PromptVoice;
  readonly #heard: Heard;

  constructor(question: CommandQuestion, voice: () => PromptVoice, { withdrawn, heard }: Appearance) {
    this.question = question;
    this.#voice = voice;
    this.withdrawn = withdrawn;
    this.#heard = heard;
  }

  /** Approves what was shown, or another digest, not before an answer counts. */
  async approve({ similar = false, digest = this.question.digest } = {}): Promise<void> {
    await this.#armed();
    this.answer({ answer: 'approve', digest, similar });
  }

  async edit(command: string): Promise<void> {
    await this.#armed();
    this.answer({ answer: 'edit', command });
  }

  decline(): void {
    this.answer({ answer: 'decline' });
  }

  answer(answer: CommandAnswer): void {
    this.#voice().answerCommand(this.question.id, answer);
  }

  async #armed(): Promise<void> {
    await untilArmed(this.question, this.#heard);
  }
}

/** What was shown, in order, for whoever waits for it. */
class Shown<T> {
  readonly #shown: T[] = [];
  readonly #waiting: ((question: T) => void)[] = [];

  get unseen(): number {
    return this.#shown.length;
  }

  next(): Promise<T> {
    const first = this.#shown.shift();
    if (first !== undefined) return Promise.resolve(first);
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const failure = new Error('nobody asked this person anything (the oldest prompt is asked)');
    const timer = setTimeout(() => reject(failure), PATIENCE_MS);
    this.#waiting.push(resolve);
    return promise.finally(() => clearTimeout(timer));
  }

  see(question: T): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#shown.push(question);
    else waiting(question);
  }
}

export class Person implements Disposable {
  readonly #client: LocalClient;
  readonly #questions = new Shown<AskedQuestion>();
  readonly #commands = new Shown<AskedCommand>();
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
        person.#questions.see(new AskedQuestion(question, speak, person.#appear(question.id, displays, speak)));
      },
      onCommand: (question) => {
        person.#commands.see(new AskedCommand(question, speak, person.#appear(question.id, displays, speak)));
      },
      onWithdraw: (id) => person.#withdrawals.get(id)?.(),
    });
    return person;
  }

  #appear(id: string, displays: boolean, voice: () => PromptVoice): Appearance {
    const now = () => performance.now(); // also when the daemon is gone: nobody waits for an answer any more
    const heard = displays ? voice().displayed(id).then(now, now) : Promise.resolve(now());
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#withdrawals.set(id, resolve);
    return { withdrawn: promise, heard };
  }

  /** Questions that nobody has taken yet. */
  get unseen(): number {
    return this.#questions.unseen;
  }

  /** The next proposed command, once it is there. */
  suggested(): Promise<AskedCommand> {
    return this.#commands.next();
  }

  /** Whether the prompt is closed. */
  get left(): boolean {
    return this.#left;
  }

  /** The next question, once it is there. */
  asked(): Promise<AskedQuestion> {
    return this.#questions.next();
  }

  /** Leaves: the prompt is closed. */
  [Symbol.dispose](): void {
    this.#left = true;
    this.#client[Symbol.dispose]();
  }
}
