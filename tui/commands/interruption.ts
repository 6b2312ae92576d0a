// Ctrl-C, a closed window, a stop from outside: each asks once for an orderly end, and the second time leaves at once.

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const AT_ONCE = 130; // what a shell reports for Ctrl-C
const SAME_WISH_MS = 1000; // timeout(1) and closing terminals send two signals for one wish

/** Aborts `signal` at the first signal to this process. Dispose it to have the usual behaviour back. */
export class Interruption implements Disposable {
  readonly #controller = new AbortController();
  #first = 0;
  #key: (() => void) | null = null;
  readonly #listener = (name: NodeJS.Signals): void => {
    if (name === 'SIGINT' && this.#key !== null && !this.#controller.signal.aborted) {
      this.#key();
      return;
    }
    if (!this.#controller.signal.aborted) {
      this.#first = performance.now();
      this.#controller.abort();
    } else if (performance.now() - this.#first > SAME_WISH_MS) {
      process.exit(AT_ONCE);
    }
  };

  constructor() {
    for (const name of SIGNALS) {
      process.on(name, this.#listener);
    }
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Until disposed, Ctrl-C does this instead: it is meant for something else. */
  divert(key: () => void): Disposable {
    this.#key = key;
    return {
      [Symbol.dispose]: () => {
        this.#key = null;
      },
    };
  }

  [Symbol.dispose](): void {
    for (const name of SIGNALS) {
      process.off(name, this.#listener);
    }
  }
}
