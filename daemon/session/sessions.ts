// All live sessions of the machine.

import { Emitter } from './emitter.ts';
import type { Session } from './session.ts';

export class Sessions {
  readonly #live = new Map<string, Session>();
  /** Any of them changed. */
  readonly changed = new Emitter<void>();
  /** A session was opened. */
  readonly opened = new Emitter<Session>();
  /** A session ended, was settled, and has a receipt: a signed note. */
  readonly settled = new Emitter<{ readonly session: Session; readonly receipt: string }>();
  readonly #settling = new Set<Promise<unknown>>();
  /** Allowed by the person, and not live before the log has it. */
  readonly #beginning = new Set<Promise<void>>();

  get live(): Session[] {
    return [...this.#live.values()];
  }

  find(id: string): Session | undefined {
    return this.#live.get(id);
  }

  /** Holds `session` until it is disposed of; listeners of `opened` hear of it. */
  add(session: Session): Disposable {
    this.#live.set(session.id, session);
    this.opened.emit(session);
    const watching = session.onChange(() => this.changed.emit());
    return {
      [Symbol.dispose]: () => {
        watching[Symbol.dispose]();
        this.#live.delete(session.id);
      },
    };
  }

  /** From the person's answer until it is disposed of, when the session is live or there will be none. */
  beginning(): Disposable {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#beginning.add(promise);
    return {
      [Symbol.dispose]: () => {
        this.#beginning.delete(promise);
        resolve();
      },
    };
  }

  /** Resolves when every session that the person has allowed until now is live, or will never be. */
  async begun(): Promise<void> {
    await Promise.all(this.#beginning);
  }

  /** Keeps the daemon from stopping before `work` (a receipt being written) is done. */
  hold<T>(work: Promise<T>): Promise<T> {
    this.#settling.add(work);
    const release = () => void this.#settling.delete(work);
    work.then(release, release);
    return work;
  }

  /** Resolves when no session is being settled any more. */
  async quiet(): Promise<void> {
    while (this.#settling.size > 0) {
      await Promise.allSettled([...this.#settling]);
    }
  }
}
