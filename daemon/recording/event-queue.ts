// What was shown and is not on its way to the disk yet: joins output into events, and events into one batch of lines.

import { LineBuffer, markerLine, resizeLine } from '../../protocol/recording/asciicast.ts';
import { Utf8Joiner } from './utf8-joiner.ts';

const COALESCE_MS = 20; // output this close together is one event: else a spinner makes 70,000 in half an hour
const MAX_EVENT = 64 * 1024; // bytes of output in one event
const MAX_BATCH = 128 * 1024; // encoded at once: less than half a millisecond in which nothing else happens
const SCRATCH = 512 * 1024; // grows when a batch is full of escapes

interface OutputEvent {
  readonly atMs: number;
  readonly chunks: Buffer[];
  bytes: number;
}

export interface Batch {
  /** Whole asciicast lines; may be empty when all there was is half a character. */
  readonly lines: Buffer;
  /** Bytes of output that were taken off the queue for it. */
  readonly taken: number;
}

/** Adding is cheap: bytes are looked at only in `takeBatch`. */
export class EventQueue {
  readonly #joiner = new Utf8Joiner();
  #events: (OutputEvent | string)[] = [];
  #open: OutputEvent | undefined;
  #lastMs = 0;

  get isEmpty(): boolean {
    return this.#events.length === 0;
  }

  /** @param chunk must not be changed afterwards */
  output(atMs: number, chunk: Buffer): void {
    const open = this.#open;
    if (open !== undefined && atMs - open.atMs < COALESCE_MS && open.bytes + chunk.length <= MAX_EVENT) {
      open.chunks.push(chunk);
      open.bytes += chunk.length;
      return;
    }
    this.#open = { atMs, chunks: [chunk], bytes: chunk.length };
    this.#events.push(this.#open);
    this.#lastMs = atMs;
  }

  resize(atMs: number, cols: number, rows: number): void {
    this.#line(atMs, resizeLine(atMs, cols, rows));
  }

  marker(atMs: number, text: string): void {
    this.#line(atMs, markerLine(atMs, text));
  }

  /** Takes the oldest events, up to about 128 KiB of output. */
  takeBatch(): Batch {
    const lines = scratch();
    let taken = 0;
    let count = 0;
    for (const event of this.#events) {
      if (taken >= MAX_BATCH) break;
      count += 1;
      if (typeof event === 'string') {
        lines.text(event);
        continue;
      }
      taken += event.bytes;
      if (event === this.#open) this.#open = undefined;
      const joined = event.chunks.map((chunk) => this.#joiner.push(chunk));
      lines.output(event.atMs, joined);
    }
    this.#events = this.#events.slice(count);
    return { lines: Buffer.from(lines.bytes), taken };
  }

  /** A character that was never completed, as a last line; else empty. Only for an empty queue. */
  takeRest(): Buffer {
    const lines = scratch();
    lines.output(this.#lastMs, [this.#joiner.end()]);
    return Buffer.from(lines.bytes);
  }

  clear(): void {
    this.#events = [];
    this.#open = undefined;
  }

  #line(atMs: number, line: string): void {
    this.#open = undefined; // what follows belongs behind it
    this.#lastMs = atMs;
    this.#events.push(line);
  }
}

let shared: LineBuffer | undefined;

/** One for all recordings of the process: encoding never waits, so it is never used twice at a time. */
function scratch(): LineBuffer {
  shared ??= new LineBuffer(SCRATCH);
  shared.clear();
  return shared;
}
