// The technician's own copy of what a shell showed: asciicast v2, whole lines only, so that the file can be played
// at every moment.

import { closeSync, openSync, writeSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { headerLine, LineBuffer, resizeLine } from '../../protocol/recording/asciicast.ts';
import type { TerminalSize } from '../dashboard/ports.ts';

const COALESCE_MS = 100; // an eye does not see more, and a spinner would make 70,000 events in half an hour
const COALESCE_BYTES = 64 * 1024;
const FILE_MAX = 1024 ** 3; // bytes; a flood must not fill the technician's disk
const FILE_MODE = 0o600;
const LINE_BYTES = 128 * 1024; // it grows where a line needs more

export class CastWriter implements Disposable {
  readonly #file: number;
  readonly #startedAt = performance.now();
  /** Replaces what is no UTF-8, and keeps characters whole. */
  readonly #decoder = new StringDecoder('utf8');
  readonly #line = new LineBuffer(LINE_BYTES);
  #chunks: Buffer[] = [];
  #pending = 0;
  /** Milliseconds since the start at which the oldest pending byte came. */
  #pendingSince = 0;
  #timer: NodeJS.Timeout | undefined;
  #written = 0;
  #closed = false;

  /** Creates `file`, which must not exist. Throws what the file system throws. */
  constructor(file: string, { cols, rows }: TerminalSize) {
    this.#file = openSync(file, 'wx', FILE_MODE);
    this.#line.text(headerLine({ cols, rows, startedAt: new Date(), term: 'xterm-256color' }));
    this.#write();
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
    this.#line.text(resizeLine(this.#now(), cols, rows));
    this.#write();
  }

  /** Milliseconds since the start. */
  #now(): number {
    return performance.now() - this.#startedAt;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    if (this.#pending === 0) {
      return;
    }
    const text = this.#decoder.write(Buffer.concat(this.#chunks));
    this.#chunks = [];
    this.#pending = 0;
    this.#line.output(this.#pendingSince, [Buffer.from(text)]);
    this.#write();
  }

  /** What waits in the line goes into the file. */
  #write(): void {
    const line = this.#line.bytes;
    this.#line.clear();
    if (this.#closed) {
      return;
    }
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
