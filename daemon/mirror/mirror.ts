// Keeps the picture of one shell for those who watch. Taking output only queues it; the emulator is fed on a clock and
// within a budget, so that a flood of output costs the session next to nothing.

import { Screen } from '../../protocol/terminal/screen.ts';
import { Emitter } from '../session/emitter.ts';
import type { MirrorFrame } from './frame.ts';
import { modesIn } from './modes.ts';

const TICK_MS = 40; // 25 pictures a second look live
const TICK_BYTES = 128 * 1024; // fed per tick: 3 MB/s, a few per cent of one core; more is skipped
const SCROLLBACK = 0; // watchers see the screen; the recording has the rest

export class Mirror implements Disposable {
  readonly #screen: Screen;
  readonly #frames = new Emitter<MirrorFrame>();
  #watchers = 0;
  #queue: Buffer[] = [];
  #queued = 0;
  /** Terminal modes that were set in what was skipped. */
  #skippedModes = '';
  #timer: NodeJS.Timeout | undefined;
  #disposed = false;

  constructor(size: { readonly cols: number; readonly rows: number }) {
    this.#screen = new Screen({ ...size, scrollback: SCROLLBACK });
  }

  /** Takes output of the shell. The chunk must not be changed afterwards. */
  output(chunk: Buffer): void {
    this.#queue.push(chunk);
    this.#queued += chunk.length;
    if (this.#queued > 2 * TICK_BYTES) {
      this.#skip();
    }
    this.#later();
  }

  resize(cols: number, rows: number): void {
    this.#screen.resize(cols, rows);
    this.#later();
  }

  /** `listener` gets the present picture at once, and then each change, at most 25 times a second. */
  subscribe(listener: (frame: MirrorFrame) => void): Disposable {
    const subscription = this.#frames.on(listener);
    this.#watchers += 1;
    listener(this.#picture());
    return {
      [Symbol.dispose]: () => {
        this.#watchers -= 1;
        subscription[Symbol.dispose]();
      },
    };
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    this.#queue = [];
    this.#screen[Symbol.dispose]();
  }

  /** Keeps the newest output, and of the rest only what sets modes of the terminal. */
  #skip(): void {
    const all = Buffer.concat(this.#queue);
    const newline = all.indexOf(0x0a, all.length - TICK_BYTES);
    const cut = newline === -1 ? all.length - TICK_BYTES : newline + 1;
    this.#skippedModes = modesIn(Buffer.concat([Buffer.from(this.#skippedModes), all.subarray(0, cut)]));
    this.#queue = [all.subarray(cut)];
    this.#queued = all.length - cut;
  }

  #later(): void {
    if (!this.#disposed) {
      this.#timer ??= setTimeout(() => void this.#tick(), TICK_MS);
    }
  }

  async #tick(): Promise<void> {
    const fed = [this.#skippedModes, ...this.#queue];
    this.#skippedModes = '';
    this.#queue = [];
    this.#queued = 0;
    await this.#feed(fed);
    this.#timer = undefined;
    if (this.#disposed) {
      return;
    }
    if (this.#watchers > 0) {
      this.#frames.emit(this.#picture());
    }
    if (this.#queued > 0) {
      this.#later();
    }
  }

  async #feed(parts: readonly (Buffer | string)[]): Promise<void> {
    for (const part of parts) {
      await this.#screen.write(part);
    }
  }

  #picture(): MirrorFrame {
    const { cols, rows, cursor } = this.#screen;
    return { cols, rows, lines: this.#screen.lines(), cursor };
  }
}
