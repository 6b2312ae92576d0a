// Shows a shell to watchers while it runs: an emulator of our own draws the output, and watchers get the picture.
// The shell never waits for it: output is only queued, drawing happens a few times a second, and a flood is cut short.

import type { Screen } from '../../protocol/terminal/screen.ts';
import { type Feed, FeedQueue, type Size } from './feed-queue.ts';
import { blankFrame, frameOf, isSameFrame, type MirrorFrame } from './frame.ts';

const TICK_MS = 40; // 25 pictures a second
const UNWATCHED_TICK_MS = 500; // nobody looks: only the state is kept
const FLOOD_TICK_MS = 100; // while more comes than is drawn
const LAST_MS = 200; // for the last pictures of a shell that has ended; an end does not wait longer
const REST = 4; // after drawing for long, rest this many times as long: some sequences cost the emulator 100 ms

export type { MirrorFrame } from './frame.ts';

export class Mirror implements Disposable {
  readonly #queue: FeedQueue;
  readonly #listeners = new Set<(frame: MirrorFrame) => void>();
  #screen: Screen | undefined;
  #frame: MirrorFrame;
  /** Something was drawn that `#frame` does not show. */
  #stale = false;
  #timer: NodeJS.Timeout | undefined;
  #drawing: Promise<void> | undefined;
  #disposed = false;

  constructor(size: Size) {
    this.#queue = new FeedQueue(size);
    this.#queue.resize(size);
    this.#frame = blankFrame(size.cols, size.rows);
  }

  /** Takes output. Only queues it. The chunk must not be changed afterwards. */
  output(chunk: Buffer): void {
    if (this.#disposed) return;
    this.#queue.output(chunk);
    this.#later();
  }

  resize(cols: number, rows: number): void {
    if (this.#disposed) return;
    this.#queue.resize({ cols, rows });
    this.#later();
  }

  /** The picture of now. */
  get frame(): MirrorFrame {
    if (this.#stale && this.#screen !== undefined) {
      this.#stale = false;
      const frame = frameOf(this.#screen);
      if (!isSameFrame(frame, this.#frame)) this.#frame = frame;
    }
    return this.#frame;
  }

  /**
   * Calls the listener with the present picture at once, then with each new one, at most 25 times a second. A listener
   * that cannot keep up keeps the newest and drops the others: each picture is whole. One that throws is let go.
   */
  subscribe(listener: (frame: MirrorFrame) => void): Disposable {
    const each = (frame: MirrorFrame) => listener(frame); // one listener may subscribe twice
    this.#listeners.add(each);
    this.#show(each);
    if (this.#timer !== undefined) {
      clearTimeout(this.#timer); // it may have been set for nobody
      this.#timer = undefined;
      this.#later();
    }
    return { [Symbol.dispose]: () => void this.#listeners.delete(each) };
  }

  /** Shows what was said last, where someone watches: a shell that ends would else take its last lines along. */
  async finish(): Promise<void> {
    const until = performance.now() + LAST_MS;
    for (let left = Number.POSITIVE_INFINITY; this.#listeners.size > 0 && !this.#disposed; ) {
      await this.#drawing;
      // Nothing is left, or nothing but half a sequence.
      if (this.#queue.bytes === 0 || this.#queue.bytes >= left || performance.now() > until) return;
      left = this.#queue.bytes;
      clearTimeout(this.#timer);
      this.#draws();
    }
  }

  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    clearTimeout(this.#timer);
    this.#listeners.clear();
    this.#screen?.[Symbol.dispose]();
  }

  #later(rest = 0): void {
    if (this.#drawing !== undefined || this.#disposed || this.#timer !== undefined) return;
    const pause = this.#listeners.size === 0 ? UNWATCHED_TICK_MS : this.#queue.isFlooded ? FLOOD_TICK_MS : TICK_MS;
    this.#timer = setTimeout(() => this.#draws(), Math.max(pause, rest));
  }

  #draws(): void {
    this.#timer = undefined;
    this.#drawing = this.#tick();
  }

  async #tick(): Promise<void> {
    const started = performance.now();
    const feeds = this.#queue.take();
    try {
      await this.#draw(feeds);
    } catch {
      this.#screen?.[Symbol.dispose](); // a picture that went wrong must not end a session: begin with an empty one
      this.#screen = undefined;
    }
    this.#drawing = undefined;
    if (feeds.length === 0 || this.#disposed) return; // nothing but half a sequence: its rest will call
    this.#stale = true;
    if (this.#listeners.size > 0) this.#tell();
    if (this.#queue.bytes > 0) this.#later(REST * (performance.now() - started));
  }

  async #draw(feeds: readonly Feed[]): Promise<void> {
    this.#screen ??= await openScreen(this.#frame);
    for (const feed of feeds) {
      if (this.#disposed) return;
      if (Buffer.isBuffer(feed)) await this.#screen.write(feed);
      else this.#screen.resize(feed.cols, feed.rows);
    }
  }

  #tell(): void {
    const before = this.#frame;
    if (this.frame === before) return; // nothing that can be seen has changed
    for (const listener of this.#listeners) this.#show(listener);
  }

  #show(listener: (frame: MirrorFrame) => void): void {
    try {
      listener(this.frame);
    } catch {
      this.#listeners.delete(listener);
    }
  }
}

/** Loads the emulator when the first shell says something: a daemon that waits does without its memory. */
async function openScreen({ cols, rows }: Size): Promise<Screen> {
  const { Screen } = await import('../../protocol/terminal/screen.ts');
  return new Screen({ cols, rows, scrollback: 0 });
}
