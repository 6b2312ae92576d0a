// Whether the person is at the machine, from every adapter that works here. Unknown is said, never guessed.

import { Emitter } from '../session/emitter.ts';
import type { PresenceAdapter, PresenceEvent, PresenceOptions } from './adapter.ts';
import { logind } from './logind.ts';
import { screensaver } from './screensaver.ts';
import { x11Idle } from './x11-idle.ts';

/** Every adapter of this version; those that find nothing to hear from are left out when they start. */
export const PRESENCE_ADAPTERS: readonly PresenceAdapter[] = [logind, screensaver, x11Idle];

/** Why the person is not here, or null when nothing says so. */
export type Absence = 'locked' | 'away' | 'asleep' | null;

export class Presence implements Disposable {
  readonly changed = new Emitter<PresenceEvent>();
  readonly #working = new Map<PresenceAdapter, Disposable>();
  readonly #locked = new Set<PresenceAdapter>();
  #away = false;
  #asleep = false;
  #disposed = false;

  /** Starts what works here. Never rejects: a machine without a desktop is a machine without presence. */
  async start(
    options: Pick<PresenceOptions, 'awayAfterMs' | 'environment' | 'lookEveryMs'>,
    adapters: readonly PresenceAdapter[] = PRESENCE_ADAPTERS,
  ): Promise<void> {
    await Promise.all(adapters.map((adapter) => this.#start(adapter, options).catch(() => undefined)));
  }

  /** Names of the adapters that tell now. Empty: presence is not known. */
  get known(): string[] {
    return [...this.#working.keys()].map(({ name }) => name);
  }

  get absence(): Absence {
    if (this.#locked.size > 0) return 'locked';
    if (this.#asleep) return 'asleep';
    return this.#away ? 'away' : null;
  }

  async #start(
    adapter: PresenceAdapter,
    options: Pick<PresenceOptions, 'awayAfterMs' | 'environment' | 'lookEveryMs'>,
  ): Promise<void> {
    const started = await adapter.start({
      ...options,
      onEvent: (event) => this.#take(adapter, event),
      onLost: () => void this.#working.delete(adapter), // what it said last stays: silence is no sign of life
    });
    if (started === null) return;
    if (this.#disposed) started[Symbol.dispose]();
    else this.#working.set(adapter, started);
  }

  #take(adapter: PresenceAdapter, event: PresenceEvent): void {
    const before = this.absence;
    if (event === 'locked') this.#locked.add(adapter);
    else if (event === 'unlocked') this.#locked.delete(adapter);
    else if (event === 'away' || event === 'back') this.#away = event === 'away';
    else if (event === 'asleep' || event === 'awake') this.#asleep = event === 'asleep';
    if (event === 'left' || this.absence !== before) this.changed.emit(event);
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    for (const working of this.#working.values()) working[Symbol.dispose]();
    this.#working.clear();
  }
}
