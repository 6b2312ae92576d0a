// What was shown and is not on its way to the disk yet: joins output into events, and events into one batch of lines.

import { FRAME, LineBuffer, markerLine, resizeLine } from '../../protocol/recording/asciicast.ts';
import { escapedLength, MAX_EXPANSION } from '../../protocol/recording/json-escape.ts';
import { Utf8Joiner } from './utf8-joiner.ts';

const COALESCE_MS = 20; // output this close together is one event: else a spinner makes 70,000 in half an hour
const MAX_EVENT = 64 * 1024; // bytes of output in one event
const MAX_BATCH = 128 * 1024; // encoded at once: less than half a millisecond in which nothing else happens
const SCRATCH = 512 * 1024; // grows when a batch is full of escapes

interface OutputEvent {
  readonly atMs: number;
  readonly chunks: Buffer[];
  bytes: number;
  /** Its line is never longer. */
  bound: number;
  /** So many of the chunks are in `bound` as they are, and not as the worst that they could be. */
  measured: number;
}

export interface Batch {
  /** Whole asciicast lines; may be empty when all there was is half a character. */
  readonly lines: Buffer;
  /** Bytes of output that were taken off the queue for it. */
  readonly taken: number;
}

/** Adding is cheap: bytes are looked at only in `takeBatch` and `measure`. */
export class EventQueue {
  readonly #joiner = new Utf8Joiner();
  #events: (OutputEvent | string)[] = [];
  #open: OutputEvent | undefined;
  #lastMs = 0;
  #bound = 0;

  get isEmpty(): boolean {
    return this.#events.length === 0;
  }

  /** The lines of all that is queued are never longer than this together. */
  get bound(): number {
    return this.#bound;
  }

  /** Makes `bound` as small as it can be: looks at every byte that it has not looked at before. */
  measure(): void {
    for (const event of this.#events) {
      if (typeof event === 'string') continue;
      for (const chunk of event.chunks.slice(event.measured)) this.#add(event, escapedLength(chunk) - worst(chunk));
      event.measured = event.chunks.length;
    }
  }

  /** @param chunk must not be changed afterwards */
  output(atMs: number, chunk: Buffer): void {
    const open = this.#open;
    if (open !== undefined && atMs - open.atMs < COALESCE_MS && open.bytes + chunk.length <= MAX_EVENT) {
      open.chunks.push(chunk);
      open.bytes += chunk.length;
      this.#add(open, worst(chunk));
      return;
    }
    this.#open = { atMs, chunks: [chunk], bytes: chunk.length, bound: 0, measured: 0 };
    this.#add(this.#open, FRAME + worst(chunk));
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
        this.#bound -= Buffer.byteLength(event);
        lines.text(event);
        continue;
      }
      this.#bound -= event.bound;
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
    this.#bound = 0;
  }

  #line(atMs: number, line: string): void {
    this.#open = undefined; // what follows belongs behind it
    this.#lastMs = atMs;
    this.#events.push(line);
    this.#bound += Buffer.byteLength(line);
  }

  #add(event: OutputEvent, bytes: number): void {
    event.bound += bytes;
    this.#bound += bytes;
  }
}

/** What a chunk becomes if each of its bytes needs the longest escape. */
export function worst(chunk: Buffer): number {
  return chunk.length * MAX_EXPANSION;
}

let shared: LineBuffer | undefined;

/** One for all recordings of the process: encoding never waits, so it is never used twice at a time. */
function scratch(): LineBuffer {
  shared ??= new LineBuffer(SCRATCH);
  shared.clear();
  return shared;
}
