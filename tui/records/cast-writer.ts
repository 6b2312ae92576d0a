// The technician's own copy of what a shell showed: asciicast v2, whole lines only, so that the file can be played
// at every moment. It is hashed as it is written, so that the log can vouch for it the moment it is closed.

import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import type { EventFields } from '../../protocol/audit/catalogue.ts';
import { nodeFileSystem } from '../../protocol/log/file-system.ts';
import { headerLine, LineBuffer, resizeLine } from '../../protocol/recording/asciicast.ts';
import type { TerminalSize } from '../dashboard/ports.ts';

const COALESCE_MS = 100; // an eye does not see more, and a spinner would make 70,000 events in half an hour
const COALESCE_BYTES = 64 * 1024;
const FILE_MAX = 1024 ** 3; // bytes; a flood must not fill the technician's disk
const FILE_MODE = 0o600;
const LINE_BYTES = 128 * 1024; // it grows where a line needs more

/** What the log says of it. */
export type KeptRecording = EventFields<'recording.kept'>;

export class CastWriter {
  readonly #path: string;
  readonly #file: number;
  /** Of all that stands in the file, a line that was cut off by a full disk too. */
  readonly #hash = createHash('sha256');
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
  /** Why no more is written, once that is so. */
  #over: 'closed' | 'cannot be written' | null = null;
  #kept: Promise<KeptRecording> | undefined;

  /** Creates `file`, which must not exist. Throws what the file system throws. */
  constructor(file: string, { cols, rows }: TerminalSize) {
    this.#path = file;
    this.#file = openSync(file, 'wx', FILE_MODE);
    this.#line.text(headerLine({ cols, rows, startedAt: new Date(), term: 'xterm-256color' }));
    this.#write();
  }

  /** Never throws: when the copy cannot be written it ends there. */
  output(chunk: Buffer): void {
    if (this.#over !== null) {
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
    if (this.#over !== null) {
      return;
    }
    try {
      for (let start = 0; start < line.length; ) {
        const end = start + writeSync(this.#file, line, start);
        this.#hash.update(line.subarray(start, end));
        this.#written += end - start;
        start = end;
      }
      if (this.#written > FILE_MAX) {
        this.#over = 'cannot be written';
      }
    } catch {
      this.#over = 'cannot be written';
    }
  }

  /**
   * Writes what waits. Resolves with what the file is from now on, once it would survive a power cut.
   * @throws what the file system throws; then nobody can say what is on the disk
   */
  close(): Promise<KeptRecording> {
    this.#kept ??= this.#finish();
    return this.#kept;
  }

  async #finish(): Promise<KeptRecording> {
    this.#flush();
    const complete = this.#over === null;
    this.#over = 'closed';
    closeSync(this.#file);
    await syncRecording(this.#path);
    return {
      recording: basename(this.#path),
      recordingBytes: this.#written,
      recordingSha256: this.#hash.digest('hex'),
      complete,
    };
  }
}

/** Resolves when the recording and its name survive a power cut: before that, no log may vouch for it. */
export async function syncRecording(file: string): Promise<void> {
  await Promise.all([nodeFileSystem.syncFile(file), nodeFileSystem.syncDirectory(dirname(file))]);
}
