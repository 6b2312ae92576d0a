// The screen of a recording at any moment. Going on draws what comes next; going back starts from the nearest keyframe.

import { Screen } from '../../protocol/terminal/screen.ts';
import type { RecordedEvent, Recording } from './asciicast.ts';

const KEYFRAME_OUTPUT = 256 * 1024; // characters drawn between two keyframes: about 30 ms to draw again
const KEYFRAMES_MAX = 400; // then every second one goes: a few MiB in all
const PORTION = 32 * 1024; // characters drawn at once; in between a newer target can take over

interface Keyframe {
  /** Events drawn before it. */
  readonly index: number;
  readonly cols: number;
  readonly rows: number;
  readonly state: string;
}

export class Timeline implements Disposable {
  readonly #events: readonly RecordedEvent[];
  #screen: Screen;
  /** Events that are on the screen. */
  #index = 0;
  #keyframes: Keyframe[];
  #spacing = KEYFRAME_OUTPUT;
  #sinceKeyframe = 0;
  #target = 0;
  #working: Promise<void> | null = null;
  #disposed = false;

  constructor({ cols, rows, events }: Recording) {
    this.#events = events;
    this.#screen = new Screen({ cols, rows, scrollback: 0 });
    this.#keyframes = [{ index: 0, cols, rows, state: '' }];
  }

  get screen(): Screen {
    return this.#screen;
  }

  /** Settles when the screen shows the moment `at` (milliseconds), or that of a later call. */
  show(at: number): Promise<void> {
    this.#target = this.#indexAt(at);
    this.#working ??= this.#work().finally(() => {
      this.#working = null;
    });
    return this.#working;
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#screen[Symbol.dispose]();
  }

  async #work(): Promise<void> {
    while (!this.#disposed && this.#index !== this.#target) {
      if (this.#target < this.#index || this.#nearest().index > this.#index) await this.#jump(this.#nearest());
      else await this.#forward();
    }
  }

  #nearest(): Keyframe {
    return this.#keyframes.findLast(({ index }) => index <= this.#target) as Keyframe; // the first one is at 0
  }

  async #jump({ index, cols, rows, state }: Keyframe): Promise<void> {
    const screen = new Screen({ cols, rows, scrollback: 0 });
    await screen.write(state);
    this.#screen[Symbol.dispose]();
    this.#screen = screen;
    if (this.#disposed) screen[Symbol.dispose]();
    this.#index = index;
    this.#sinceKeyframe = 0;
  }

  /** Draws a portion towards the target. */
  async #forward(): Promise<void> {
    let text = '';
    while (this.#index < this.#target && text.length < PORTION) {
      const event = this.#events[this.#index];
      if (event?.kind === 'resize') {
        if (text !== '') break;
        this.#screen.resize(event.cols, event.rows);
      } else if (event?.kind === 'output') {
        text += event.data;
      }
      this.#index += 1;
    }
    await this.#screen.write(text);
    this.#sinceKeyframe += text.length;
    if (this.#sinceKeyframe > this.#spacing && !this.#disposed) this.#keep();
  }

  #keep(): void {
    this.#sinceKeyframe = 0;
    if (this.#index <= (this.#keyframes.at(-1)?.index ?? 0)) return;
    const { cols, rows } = this.#screen;
    this.#keyframes.push({ index: this.#index, cols, rows, state: this.#screen.serialize() });
    if (this.#keyframes.length <= KEYFRAMES_MAX) return;
    this.#keyframes = this.#keyframes.filter((_, index) => index % 2 === 0);
    this.#spacing *= 2;
  }

  /** Number of events that have happened at `at`. */
  #indexAt(at: number): number {
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#events[middle]?.at ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
