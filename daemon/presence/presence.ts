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
/** The strongest first. */
export const ABSENCES = ['locked', 'asleep', 'away'] as const;

/** What a program of the person's desktop says. */
export interface ToldPresence extends Disposable {
  readonly name: string;
  say(absence: Absence): void;
}

export class Presence implements Disposable {
  readonly changed = new Emitter<PresenceEvent>();
  readonly #working = new Map<PresenceAdapter, Disposable>();
  /** Programs of the person's desktop that tell what this process cannot see. */
  readonly #told = new Set<ToldPresence>();
  /** Stands for those of them that left while the screen was locked: their word stays until another speaks. */
  readonly #gone = {};
  /** Who says so; each can take back only its own word. */
  readonly #saying: Readonly<Record<NonNullable<Absence>, Set<object>>> = {
    locked: new Set(),
    asleep: new Set(),
    away: new Set(),
  };
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
    const told = [...this.#told].map(({ name }) => name);
    return [...new Set([...[...this.#working.keys()].map(({ name }) => name), ...told])];
  }

  get absence(): Absence {
    return ABSENCES.find((absence) => this.#saying[absence].size > 0) ?? null;
  }

  /**
   * Hears a program of the person's desktop, such as a tray beside a daemon of root, until disposed of. What it says
   * can hold sessions, and its silence lets none go on: that takes the person. What it said of the lock and of sleep
   * outlives it.
   */
  hear(name: string): ToldPresence {
    const told: ToldPresence = {
      name,
      say: (absence) =>
        this.#change(absence ?? 'back', () => {
          for (const each of ABSENCES) {
            this.#saying[each].delete(told);
            // Whoever can see the desktop now speaks for those who left it while nobody was there.
            this.#saying[each].delete(this.#gone);
          }
          if (absence !== null) this.#saying[absence].add(told);
        }),
      [Symbol.dispose]: () => {
        this.#told.delete(told);
        this.#change('back', () => {
          this.#saying.away.delete(told);
          // Silence is no sign of life: a program that dies while the screen is locked has not unlocked it.
          for (const each of ['locked', 'asleep'] as const) {
            if (this.#saying[each].delete(told)) this.#saying[each].add(this.#gone);
          }
        });
      },
    };
    this.#told.add(told);
    return told;
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
    const { locked, away, asleep } = this.#saying;
    this.#change(event, () => {
      if (event === 'locked') locked.add(adapter);
      else if (event === 'unlocked') for (const each of [adapter, this.#gone]) locked.delete(each);
      else if (event === 'away') away.add(adapter);
      else if (event === 'back') away.delete(adapter);
      else if (event === 'asleep') asleep.add(adapter);
      else if (event === 'awake') for (const each of [adapter, this.#gone]) asleep.delete(each);
    });
  }

  #change(event: PresenceEvent, change: () => void): void {
    const before = this.absence;
    change();
    if (event === 'left' || this.absence !== before) this.changed.emit(event);
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    for (const working of this.#working.values()) working[Symbol.dispose]();
    this.#working.clear();
  }
}
