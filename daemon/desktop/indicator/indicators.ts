// One indicator for each session, told to the daemon: no channel opens before its window is up, and none outlives it.

import type { LocalClient } from '../../local/client.ts';
import type { SessionView } from '../../local/controls.ts';
import type { DesktopPlace } from '../place.ts';
import { IndicatorWindow } from './indicator-window.ts';

export class Indicators implements Disposable {
  readonly #client: LocalClient;
  readonly #place: DesktopPlace;
  readonly #panicKey: string;
  readonly #windows = new Map<string, IndicatorWindow>();

  constructor(client: LocalClient, place: DesktopPlace, panicKey: string) {
    this.#client = client;
    this.#place = place;
    this.#panicKey = panicKey;
  }

  onSession(session: SessionView): void {
    const { id, state } = session;
    const window = this.#windows.get(id);
    if (state === 'ended') {
      this.#windows.delete(id);
      window?.[Symbol.dispose]();
      if (window !== undefined) this.#client.indicate(id, false);
    } else if (window === undefined) {
      const events = {
        onUp: () => this.#client.indicate(id, true),
        onEnd: () => void this.#client.end(id).catch(() => undefined),
        onDown: () => {
          this.#client.indicate(id, false);
          // Said twice: a window that never came up was never counted.
          void this.#client.end(id).catch(() => undefined);
        },
      };
      this.#windows.set(id, new IndicatorWindow(session, this.#freeSlot(), this.#panicKey, this.#place, events));
    } else window.update(session);
  }

  #freeSlot(): number {
    const taken = new Set([...this.#windows.values()].map(({ slot }) => slot));
    let slot = 0;
    while (taken.has(slot)) slot += 1;
    return slot;
  }

  [Symbol.dispose](): void {
    for (const window of this.#windows.values()) window[Symbol.dispose]();
    this.#windows.clear();
  }
}
