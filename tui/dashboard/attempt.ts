// One try to get a session: where it stands, what it asks the technician, and the way to give it up.

import type { CodeQuestion, ConnectForm, ConnectPort, HostKeyQuestion, SessionPort, Waiting } from './ports.ts';

export type AttemptQuestion =
  | { readonly kind: 'code'; readonly ask: CodeQuestion; readonly answer: (code: string | null) => void }
  | { readonly kind: 'host key'; readonly ask: HostKeyQuestion; readonly answer: (trust: boolean) => void };

export interface AttemptState {
  readonly waiting: Waiting | null;
  readonly question: AttemptQuestion | null;
}

export class Attempt implements Disposable {
  readonly form: ConnectForm;
  /** Rejects with what the machine or the network said, also after `cancel`. */
  readonly outcome: Promise<SessionPort>;
  readonly #abort = new AbortController();
  readonly #listeners = new Set<() => void>();
  #state: AttemptState = { waiting: null, question: null };

  constructor(port: ConnectPort, form: ConnectForm) {
    this.form = form;
    this.outcome = port.connect(form, {
      signal: this.#abort.signal,
      onWaiting: (waiting) => this.#set({ waiting }),
      onCode: (ask) => this.#asked<string | null>((answer) => ({ kind: 'code', ask, answer }), null),
      onHostKey: (ask) => this.#asked<boolean>((answer) => ({ kind: 'host key', ask, answer }), false),
    });
  }

  get cancelled(): boolean {
    return this.#abort.signal.aborted;
  }

  state(): AttemptState {
    return this.#state;
  }

  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  /** Withdraws the request; the machine closes its prompt. */
  [Symbol.dispose](): void {
    this.#abort.abort();
  }

  /** Giving up answers every question with `no`. */
  #asked<T>(question: (answer: (value: T) => void) => AttemptQuestion, no: T): Promise<T> {
    return new Promise((resolve) => {
      const answer = (value: T) => {
        this.#set({ question: null });
        resolve(value);
      };
      if (this.cancelled) return answer(no);
      this.#abort.signal.addEventListener('abort', () => answer(no), { once: true });
      this.#set({ question: question(answer) });
    });
  }

  #set(change: Partial<AttemptState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}
