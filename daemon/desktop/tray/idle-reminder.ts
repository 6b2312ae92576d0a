// Reminds the person of a session in which nothing happens: somebody may have forgotten it.

import type { SessionView } from '../../local/controls.ts';

interface Watched {
  readonly name: string;
  timer: NodeJS.Timeout;
}

export class IdleReminder implements Disposable {
  readonly #remind: (name: string) => void;
  readonly #idleMs: number;
  readonly #watched = new Map<string, Watched>();

  constructor(remind: (name: string) => void, idleMs: number) {
    this.#remind = remind;
    this.#idleMs = idleMs;
  }

  onSession({ id, state, technician }: SessionView): void {
    clearTimeout(this.#watched.get(id)?.timer);
    this.#watched.delete(id);
    // A paused session waits for the person, who knows that.
    if (state === 'active') this.#watched.set(id, { name: technician.name, timer: this.#timer(technician.name) });
  }

  onActivity(id: string): void {
    this.#watched.get(id)?.timer.refresh();
  }

  /** Comes again after as long, as long as nothing happens. */
  #timer(name: string): NodeJS.Timeout {
    return setTimeout(() => {
      this.#remind(name);
      for (const watched of this.#watched.values()) if (watched.name === name) watched.timer.refresh();
    }, this.#idleMs);
  }

  [Symbol.dispose](): void {
    for (const { timer } of this.#watched.values()) clearTimeout(timer);
    this.#watched.clear();
  }
}
