// Promise 6: the indicator tells the truth. While no window of the local user shows the session, there is none.

import { Emitter } from '../session/emitter.ts';

export class Indicator {
  readonly #windows = new Set<symbol>();
  /** The last window that showed sessions is gone. */
  readonly down = new Emitter<void>();

  /** Whether the local user has a window that shows every session (`chaperoned prompt` or `watch`). */
  get up(): boolean {
    return this.#windows.size > 0;
  }

  /** Counts a window until it is disposed of, at the latest when its program dies. */
  show(): Disposable {
    const window = Symbol('window');
    this.#windows.add(window);
    return {
      [Symbol.dispose]: () => {
        if (this.#windows.delete(window) && !this.up) {
          this.down.emit();
        }
      },
    };
  }
}
