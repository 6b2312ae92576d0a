// Feeds a shell's output to the emulator in portions, so that a flood (`yes`) leaves room for keys in between, and
// holds the machine back instead of queueing what cannot be drawn in time.

const PORTION = 32 * 1024; // bytes given to the emulator at once: a few ms, well below what a person notices
const HIGH = 256 * 1024; // bytes waiting: stop reading the channel
const LOW = 64 * 1024; // bytes left: read on

export interface OutputFeedOptions {
  /** The channel, which buffers no further while paused. */
  readonly source: { pause(): void; resume(): void };
  /** Settles when the portion is on the screen. */
  readonly draw: (portion: Uint8Array) => Promise<void>;
  /** The screen changed. */
  readonly onDrawn: () => void;
}

export class OutputFeed implements Disposable {
  readonly #options: OutputFeedOptions;
  #queue: Uint8Array[] = [];
  #waiting = 0;
  #sourcePaused = false;
  #drawing = false;
  #frozen = false;
  #stopped = false;
  #idle: Array<() => void> = [];

  constructor(options: OutputFeedOptions) {
    this.#options = options;
  }

  /** Bytes that came and are not drawn yet. */
  get waiting(): number {
    return this.#waiting;
  }

  push(chunk: Uint8Array): void {
    if (this.#stopped || chunk.length === 0) return;
    this.#queue.push(chunk);
    this.#waiting += chunk.length;
    if (this.#waiting > HIGH && !this.#sourcePaused) {
      this.#sourcePaused = true;
      this.#options.source.pause();
    }
    void this.#drain();
  }

  /** While frozen nothing more is drawn; what came stays where it is. */
  freeze(frozen: boolean): void {
    this.#frozen = frozen;
    if (!frozen) void this.#drain();
  }

  /** Settles when everything that came so far is drawn, or the feed is stopped or frozen. */
  drained(): Promise<void> {
    if (!this.#drawing) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Drops what waits; nothing is drawn after this. */
  [Symbol.dispose](): void {
    this.#stopped = true;
    this.#queue = [];
    this.#waiting = 0;
  }

  async #drain(): Promise<void> {
    if (this.#drawing) return;
    this.#drawing = true;
    while (!this.#frozen && !this.#stopped) {
      const portion = this.#take();
      if (portion === null) break;
      await this.#options.draw(portion);
      if (this.#stopped) break;
      this.#options.onDrawn();
    }
    this.#drawing = false;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** Small chunks go together: each portion costs the emulator a timer. */
  #take(): Uint8Array | null {
    const parts: Uint8Array[] = [];
    let room = PORTION;
    for (let head = this.#queue.shift(); head !== undefined; head = this.#queue.shift()) {
      parts.push(head.subarray(0, room));
      if (head.length >= room) {
        if (head.length > room) this.#queue.unshift(head.subarray(room));
        break;
      }
      room -= head.length;
    }
    if (parts.length === 0) return null;
    const portion = parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
    this.#waiting -= portion.length;
    if (this.#sourcePaused && this.#waiting < LOW) {
      this.#sourcePaused = false;
      this.#options.source.resume();
    }
    return portion;
  }
}
