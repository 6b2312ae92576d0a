// Promise 6: the indicator tells the truth. While no window of the local user shows the session, there is none.

import { Emitter } from '../session/emitter.ts';

export class Indicator {
  /** Windows that show every session, and those of single sessions. */
  readonly #windows = new Map<symbol, string | null>();
  readonly #raised = new Emitter<void>();
  readonly #desktops = new Set<symbol>();
  /** A window is gone: that of one session, or (null) one that showed all. */
  readonly down = new Emitter<string | null>();

  /** Whether the local user has a window that shows this session. */
  up(session: string): boolean {
    return [...this.#windows.values()].some((shown) => shown === null || shown === session);
  }

  /** Counts a window until it is disposed of, at the latest when its program dies. Null: it shows every session. */
  show(session: string | null): Disposable {
    const window = Symbol('window');
    this.#windows.set(window, session);
    this.#raised.emit();
    return {
      [Symbol.dispose]: () => {
        if (this.#windows.delete(window)) this.down.emit(session);
      },
    };
  }

  /** A desktop is there until disposed of: it opens a window for each session, and no other window stands in for that. */
  expectOwnWindows(): Disposable {
    const desktop = Symbol('desktop');
    this.#desktops.add(desktop);
    return { [Symbol.dispose]: () => void this.#desktops.delete(desktop) };
  }

  /** Resolves once it is up for this session, with false when that does not happen in time or `signal` is aborted. */
  async whenUp(session: string, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    // Settled now: a desktop that goes away meanwhile leaves nobody who sees the session.
    const own = this.#desktops.size > 0;
    const up = () => (own ? [...this.#windows.values()].includes(session) : this.up(session));
    if (up()) return true;
    using stack = new DisposableStack();
    const raised = Promise.withResolvers<void>();
    stack.use(this.#raised.on(() => up() && raised.resolve()));
    const timer = setTimeout(() => raised.resolve(), timeoutMs);
    stack.defer(() => clearTimeout(timer));
    const stop = () => raised.resolve();
    signal.addEventListener('abort', stop, { once: true });
    stack.defer(() => signal.removeEventListener('abort', stop));
    await raised.promise;
    return up();
  }
}
