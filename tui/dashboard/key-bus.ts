// Hands each key to the innermost part of the screen that wants it.

import type { Key } from '../terminal/keys.ts';

/** Higher is nearer to the person: a field is asked before its screen, a question before everything. */
export const LAYER = { everywhere: 0, screen: 1, pane: 2, field: 3, question: 4 } as const;
export type Layer = (typeof LAYER)[keyof typeof LAYER];

export interface KeyHandler {
  readonly layer: Layer;
  /** Keys that its layer leaves alone go no further, except to `everywhere`. */
  readonly modal: boolean;
  /** True when the key was meant for it. */
  readonly handle: (key: Key) => boolean;
}

export class KeyBus {
  #handlers: readonly KeyHandler[] = [];

  add(handler: KeyHandler): Disposable {
    this.#handlers = [...this.#handlers, handler].sort((one, other) => other.layer - one.layer);
    return {
      [Symbol.dispose]: () => {
        this.#handlers = this.#handlers.filter((other) => other !== handler);
      },
    };
  }

  /** Whether anything wanted the key. */
  dispatch(key: Key): boolean {
    let floor: number = LAYER.everywhere;
    for (const { layer, modal, handle } of this.#handlers) {
      if (layer < floor && layer !== LAYER.everywhere) continue;
      if (handle(key)) return true;
      if (modal) floor = Math.max(floor, layer);
    }
    return false;
  }
}
