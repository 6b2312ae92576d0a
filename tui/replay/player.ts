// Plays a recording: pause, speed, seeking, markers. The clock can be another one, for tests.

import type { Recording } from './asciicast.ts';
import { Timeline } from './timeline.ts';

export const SPEEDS = [0.25, 0.5, 1, 2, 4, 8, 16] as const;
const TICK_MS = 50; // while playing: the time on screen moves smoothly, and a burst is drawn at once

export interface PlayerClock {
  /** Milliseconds that never go back. */
  now(): number;
  /** Calls `run` once after `ms`, unless disposed before. */
  after(ms: number, run: () => void): Disposable;
}

/** What is to be seen now. */
export interface ReplayFrame {
  /** Milliseconds since the start of the recording. */
  readonly at: number;
  readonly cols: number;
  readonly rows: number;
  /** Exactly `rows` strings of printable text and SGR. */
  readonly lines: readonly string[];
  readonly cursor: { readonly x: number; readonly y: number } | null;
}

export class Player implements Disposable {
  readonly duration: number;
  readonly markers: readonly { readonly at: number; readonly label: string }[];
  readonly #timeline: Timeline;
  readonly #onChange: () => void;
  readonly #clock: PlayerClock;
  #position = 0;
  #speed: (typeof SPEEDS)[number] = 1;
  #playing = false;
  /** Counts calls of `play`, so that a tick of an earlier one ends when it comes back. */
  #round = 0;
  #lastTick = 0;
  #timer: Disposable | null = null;
  #disposed = false;

  /** @param onChange the frame, the position or the state changed */
  constructor(recording: Recording, onChange: () => void, clock: PlayerClock = REAL_CLOCK) {
    this.duration = recording.duration;
    this.markers = recording.events.filter((event) => event.kind === 'marker');
    this.#timeline = new Timeline(recording);
    this.#onChange = onChange;
    this.#clock = clock;
  }

  /** Milliseconds since the start. */
  get position(): number {
    return this.#position;
  }

  get playing(): boolean {
    return this.#playing;
  }

  get speed(): number {
    return this.#speed;
  }

  frame(): ReplayFrame {
    const { screen } = this.#timeline;
    const { x, y, visible } = screen.cursor;
    const { cols, rows } = screen;
    return { at: this.#position, cols, rows, lines: screen.lines(), cursor: visible ? { x, y } : null };
  }

  /** At the end it starts again from the beginning. */
  play(): void {
    if (this.#playing || this.#disposed) return;
    this.#playing = true;
    if (this.#position >= this.duration) this.#position = 0;
    this.#lastTick = this.#clock.now();
    this.#round += 1;
    void this.#tick(this.#round);
  }

  pause(): void {
    this.#playing = false;
    this.#timer?.[Symbol.dispose]();
    this.#onChange();
  }

  /** One step through {@link SPEEDS}. */
  changeSpeed(by: 1 | -1): void {
    const at = SPEEDS.indexOf(this.#speed);
    this.#speed = SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, at + by))] ?? 1;
    this.#onChange();
  }

  /** Settles when the frame of that moment (or of a later seek) is there. */
  async seek(at: number): Promise<void> {
    this.#position = Math.max(0, Math.min(this.duration, at));
    this.#lastTick = this.#clock.now();
    await this.#timeline.show(this.#position);
    if (!this.#disposed) this.#onChange();
  }

  /** To the marker after or before the present moment; stays when there is none. */
  async seekMarker(direction: 1 | -1): Promise<void> {
    const near = 500; // so that pressing "previous" twice does not stay at the same marker
    const found =
      direction === 1
        ? this.markers.find(({ at }) => at > this.#position)
        : this.markers.findLast(({ at }) => at < this.#position - near);
    if (found !== undefined) await this.seek(found.at);
    else if (direction === -1) await this.seek(0);
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#playing = false;
    this.#timer?.[Symbol.dispose]();
    this.#timeline[Symbol.dispose]();
  }

  async #tick(round: number): Promise<void> {
    const now = this.#clock.now();
    this.#position = Math.min(this.duration, this.#position + (now - this.#lastTick) * this.#speed);
    this.#lastTick = now;
    await this.#timeline.show(this.#position);
    if (!this.#playing || round !== this.#round) return;
    if (this.#position >= this.duration) this.#playing = false;
    this.#onChange();
    if (this.#playing) this.#timer = this.#clock.after(TICK_MS, () => void this.#tick(round));
  }
}

const REAL_CLOCK: PlayerClock = {
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
};
