// The technician's own copy of what a shell showed: asciicast v2, whole lines only, so that the file can be played
// at every moment.

import { closeSync, openSync, writeSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type { TerminalSize } from '../dashboard/ports.ts';

const COALESCE_MS = 100; // an eye does not see more, and a spinner would make 70,000 events in half an hour
const COALESCE_BYTES = 64 * 1024;
const FILE_MAX = 1024 ** 3; // bytes; a flood must not fill the technician's disk
const FILE_MODE = 0o600;

export class CastWriter implements Disposable {
  readonly #file: number;
  readonly #startedAt = performance.now();
  readonly #decoder = new StringDecoder('utf8');
  #chunks: Buffer[] = [];
  #pending = 0;
  /** Seconds since the start at which the oldest pending byte came. */
  #pendingSince = 0;
  #timer: NodeJS.Timeout | undefined;
  #written = 0;
  #closed = false;

  /** Creates `file`, which must not exist. Throws what the file system throws. */
  constructor(file: string, size: TerminalSize) {
    this.#file = openSync(file, 'wx', FILE_MODE);
    this.#line({
      version: 2,
      width: size.cols,
      height: size.rows,
      timestamp: Math.floor(Date.now() / 1000),
      env: { TERM: 'xterm-256color' },
    });
  }

  /** Never throws: when the copy cannot be written it ends there. */
  output(chunk: Buffer): void {
    if (this.#closed) {
      return;
    }
    if (this.#pending === 0) {
      this.#pendingSince = this.#now();
      this.#timer = setTimeout(() => this.#flush(), COALESCE_MS);
      this.#timer.unref();
    }
    this.#chunks.push(chunk);
    this.#pending += chunk.length;
    if (this.#pending >= COALESCE_BYTES) {
      this.#flush();
    }
  }

  resize({ cols, rows }: TerminalSize): void {
    this.#flush();
    this.#line([this.#now(), 'r', `${cols}x${rows}`]);
  }

  #now(): number {
    return Math.round((performance.now() - this.#startedAt) * 1000) / 1_000_000;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    if (this.#pending === 0) {
      return;
    }
    const text = this.#decoder.write(Buffer.concat(this.#chunks));
    this.#chunks = [];
    this.#pending = 0;
    if (text !== '') {
      this.#line([this.#pendingSince, 'o', text]);
    }
  }

  #line(value: unknown): void {
    if (this.#closed) {
      return;
    }
    const line = Buffer.from(`${JSON.stringify(value)}\n`);
    try {
      for (let start = 0; start < line.length; ) {
        start += writeSync(this.#file, line, start);
      }
      this.#written += line.length;
      if (this.#written > FILE_MAX) {
        this.#close();
      }
    } catch {
      this.#close();
    }
  }

  #close(): void {
    if (!this.#closed) {
      this.#closed = true;
      clearTimeout(this.#timer);
      closeSync(this.#file);
    }
  }

  [Symbol.dispose](): void {
    this.#flush();
    this.#close();
  }
}
