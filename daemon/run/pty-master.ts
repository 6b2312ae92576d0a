// Our end of a pseudo-terminal: raw bytes out with backpressure, bytes in without ever waiting, nothing lost at the end.

import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { resizePty } from './native-pty.ts';

const READ_SIZE = 4096; // the kernel never gives more in one read
const BURST_CHUNK = 2048; // a read this long is a flood, not an echo: more will follow
const BURST_SIZE = 32 * 1024; // one SSH packet
const BURSTS_PER_TURN = 2; // then others have their turn
const BURST_MS = 1; // at 60 MB/s a packet is full in half of that
const MAX_LAST_WORDS = 1024 * 1024; // read after the exit; the kernel itself holds less, a left-over writer never ends
const MAX_QUEUED_INPUT = 4 * 1024 * 1024; // twice an SSH window; more is discarded, as a terminal does
const RETRY_MIN_MS = 2; // how soon to offer input again to a program that does not read
const RETRY_MAX_MS = 50;
const NOTHING_NOW = 'EAGAIN';

/** Owns both descriptors. Output is held back until there is a listener. */
export class PtyMaster {
  readonly #master: number;
  // While we hold the slave open the kernel never reports a hang-up. Without it libuv takes a short read plus a hang-up
  // for the end and drops what the kernel still holds (node-pty issues 85, 674, 726).
  readonly #slave: number;
  readonly #stream: ReadStream;
  #listener: ((chunk: Buffer) => void) | undefined;
  #held: Buffer[] = [];
  readonly #arrived = Buffer.allocUnsafeSlow(READ_SIZE); // the stream reads into this; without it, into 64 KiB each time
  #burst = Buffer.alloc(0);
  #burstBytes = 0;
  #burstTimer: NodeJS.Timeout | undefined;
  #drained: (() => void)[] = [];
  #paused = false;
  #ended = false;
  #muted = false;
  #closed = false;
  #input: Buffer[] = [];
  #inputBytes = 0;
  #retry: NodeJS.Timeout | undefined;
  #retryMs = RETRY_MIN_MS;
  #inputDrained: (() => void)[] = [];

  constructor(master: number, slavePath: string) {
    this.#master = master;
    this.#slave = openSync(slavePath, constants.O_RDWR | constants.O_NOCTTY);
    this.#stream = new ReadStream(master, {
      onread: {
        buffer: this.#arrived,
        callback: (length) => {
          this.#received(length);
          return !this.#stopped;
        },
      },
    });
    this.#stream.on('error', () => this.#stream.pause()); // the process table, not the pty, says when it is over
  }

  /**
   * Sets who gets the output from now on, beginning with what was held. Without a listener it is held again.
   * @param unread what the last listener got and gives back
   */
  listen(listener: ((chunk: Buffer) => void) | undefined, unread?: Buffer): void {
    if (this.#muted) return;
    if (unread !== undefined && unread.length > 0) this.#held.unshift(unread);
    this.#listener = listener;
    this.#flow();
  }

  pause(): void {
    this.#paused = true;
    this.#flow();
  }

  resume(): void {
    this.#paused = false;
    this.#flow();
  }

  /** Reads what is left after the program has ended; resolves when a listener has got all of it, or after `close`. */
  drain(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#ended = true;
    this.#stream.pause();
    this.#endBurst();
    for (let total = 0; total < MAX_LAST_WORDS; ) {
      const chunk = Buffer.allocUnsafe(READ_SIZE);
      const length = this.#readNow(chunk);
      if (length === 0) break;
      total += length;
      this.#held.push(chunk.subarray(0, length));
    }
    return new Promise((resolve) => {
      this.#drained.push(resolve);
      this.#flow();
    });
  }

  /** Queues input. False when the program does not keep up: wait for `inputDrained` before writing more. */
  write(data: Buffer): boolean {
    if (this.#closed || this.#ended) return true;
    if (this.#inputBytes + data.length > MAX_QUEUED_INPUT) return false;
    this.#input.push(data);
    this.#inputBytes += data.length;
    if (this.#input.length === 1) this.#writeNow();
    return this.#inputBytes === 0;
  }

  /** Resolves when the program has taken all input, or it has ended. */
  inputDrained(): Promise<void> {
    if (this.#inputBytes === 0 || this.#closed) return Promise.resolve();
    return new Promise((resolve) => this.#inputDrained.push(resolve));
  }

  /** @throws never for a pty whose program has just ended (ESRCH, EBADF) */
  resize(cols: number, rows: number): void {
    if (this.#closed) return; // the descriptor's number may be someone else's by now
    try {
      resizePty(this.#master, cols, rows);
    } catch (error) {
      if (!/ESRCH|EBADF/.test(String(error))) throw error;
    }
  }

  /** Not one more byte goes to the listener. */
  mute(): void {
    this.#muted = true;
    this.#listener = () => {};
    this.#held = [];
    this.#paused = false;
    this.#stream.resume(); // a program that is being ended must not hang in a write
    this.#flow();
  }

  close(): void {
    if (this.#closed) return;
    this.mute();
    this.#closed = true;
    clearTimeout(this.#burstTimer);
    this.#dropInput();
    this.#stream.destroy();
    closeSync(this.#slave);
  }

  /** Lets held output go, then runs or stops the stream, as the present state asks. */
  #flow(): void {
    while (!this.#stopped) {
      const chunk = this.#held.shift();
      if (chunk === undefined) break;
      this.#listener?.(chunk);
    }
    if (this.#ended || this.#closed) {
      if (this.#held.length === 0) for (const done of this.#drained.splice(0)) done();
    } else if (this.#stopped) this.#stream.pause();
    else this.#stream.resume();
  }

  /** A listener may change this while it is called. */
  get #stopped(): boolean {
    return this.#paused || this.#listener === undefined;
  }

  /**
   * Passes an echo on at once, and a flood in packets: everything that follows pays per chunk, not per byte. What a
   * flood has left in the kernel is read here, without a turn of the event loop for each read.
   */
  #received(length: number): void {
    const arrived = this.#arrived.subarray(0, length);
    if (this.#burstBytes === 0 && length < BURST_CHUNK) {
      this.#deliver(Buffer.from(arrived));
      return;
    }
    this.#makeRoom();
    this.#burstBytes += arrived.copy(this.#burst, this.#burstBytes);
    for (let last = length, ended = 0; last >= BURST_CHUNK && ended < BURSTS_PER_TURN && !this.#stopped; ) {
      if (this.#makeRoom()) ended += 1;
      last = this.#readNow(this.#burst, this.#burstBytes);
      this.#burstBytes += last;
    }
    if (this.#burstBytes > 0) this.#burstTimer ??= setTimeout(() => this.#endBurst(), BURST_MS);
  }

  /** Room in the burst for one read more; true when it was full and went its way. */
  #makeRoom(): boolean {
    const full = this.#burstBytes + READ_SIZE > BURST_SIZE;
    if (full) this.#endBurst();
    if (this.#burstBytes === 0) this.#burst = Buffer.allocUnsafeSlow(BURST_SIZE);
    return full;
  }

  #endBurst(): void {
    clearTimeout(this.#burstTimer);
    this.#burstTimer = undefined;
    if (this.#burstBytes === 0) return;
    const chunk = this.#burst.subarray(0, this.#burstBytes);
    this.#burst = Buffer.alloc(0);
    this.#burstBytes = 0;
    this.#deliver(chunk);
  }

  #deliver(chunk: Buffer): void {
    if (this.#paused || this.#listener === undefined || this.#held.length > 0) this.#held.push(chunk);
    else this.#listener(chunk);
    if (this.#inputBytes > 0) this.#writeNow(); // it printed, so it may read
  }

  /** Bytes read into `buffer` from `offset` on; 0 when there are none. */
  #readNow(buffer: Buffer, offset = 0): number {
    try {
      return readSync(this.#master, buffer, offset, buffer.length - offset, null);
    } catch {
      return 0; // EAGAIN: all was read; EIO: nobody is left
    }
  }

  #writeNow(): void {
    for (let first = this.#input[0]; first !== undefined; first = this.#input[0]) {
      let written: number;
      try {
        written = writeSync(this.#master, first);
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === NOTHING_NOW) this.#writeLater();
        else this.#dropInput();
        return;
      }
      this.#retryMs = RETRY_MIN_MS;
      this.#inputBytes -= written;
      if (written < first.length) this.#input[0] = first.subarray(written);
      else this.#input.shift();
    }
    for (const done of this.#inputDrained.splice(0)) done();
  }

  #writeLater(): void {
    if (this.#retry !== undefined) return;
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.#writeNow();
    }, this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, RETRY_MAX_MS);
  }

  #dropInput(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#input = [];
    this.#inputBytes = 0;
    for (const done of this.#inputDrained.splice(0)) done();
  }
}
