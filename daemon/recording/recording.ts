// Records what a session's shell shows, as an asciicast that can be played at every moment, without slowing the shell.

import { FRAME, headerLine } from '../../protocol/recording/asciicast.ts';
import { escapedLength } from '../../protocol/recording/json-escape.ts';
import { RecordingFailed, recordingFailure } from './errors.ts';
import { EventQueue, worst } from './event-queue.ts';
import { LineWriter } from './line-writer.ts';
import { createFile, type OpenFile, type RecordingFile } from './recording-file.ts';

const FLUSH_MS = 100; // output is on its way to the disk after this long
const FLUSH_BYTES = 64 * 1024; // or when there is this much
const PRESSURE_BYTES = 4 * 1024 * 1024; // not yet written: the caller must pause the shell
const RELIEF_BYTES = 1024 * 1024; // and may resume it
const SYNC_MS = 1_000; // what a power cut may take
const REST = FRAME + 32; // bytes kept free for what no chunk is charged with: half a character, in a line of its own

export interface RecordingOptions {
  readonly cols: number;
  readonly rows: number;
  readonly title: string;
  readonly startedAt: Date;
  /** Value of TERM, for players. */
  readonly term?: string | undefined;
  /** What would let the file grow beyond this is refused, and the recording fails; asked anew each time. @default no limit */
  readonly maxBytes?: (() => number) | undefined;
  /** @default createFile */
  readonly openFile?: OpenFile | undefined;
}

export interface RecordingSummary {
  readonly bytes: number;
  /** Of the whole file, hex. */
  readonly sha256: string;
  readonly durationMs: number;
  readonly events: number;
  /** False when the recording failed: what stands in the file is valid, and not all. */
  readonly complete: boolean;
}

/**
 * Creates the file with its header, durable before it returns.
 * @throws RecordingFailed
 */
export async function openRecording(path: string, options: RecordingOptions): Promise<Recording> {
  let file: RecordingFile | undefined;
  try {
    file = await (options.openFile ?? createFile)(path);
    const writer = new LineWriter(file);
    await writer.append(Buffer.from(headerLine(options)));
    await file.sync();
    return new Recording(path, file, writer, options.maxBytes ?? (() => Number.POSITIVE_INFINITY));
  } catch (error) {
    await file?.close().catch(() => {}); // the first error is the one to tell
    throw recordingFailure(path, error);
  }
}

export class Recording implements AsyncDisposable {
  /** Resolves once, when the recording cannot go on; never rejects. Output after that is not recorded. */
  readonly failed: Promise<RecordingFailed>;
  readonly path: string;
  readonly #file: RecordingFile;
  readonly #writer: LineWriter;
  readonly #maxBytes: () => number;
  readonly #startedAt = performance.now();
  readonly #queue = new EventQueue();
  readonly #failure = Promise.withResolvers<RecordingFailed>();
  readonly #pressureListeners = new Set<() => void>();
  #relief: PromiseWithResolvers<void> | undefined;
  #pending = 0;
  #writing = 0; // bytes of lines on their way to the file
  #full = false;
  #state: 'open' | 'failed' | 'closing' = 'open';
  #flushTimer: NodeJS.Timeout | undefined;
  #flushing: Promise<void> | undefined;
  #syncTimer: NodeJS.Timeout | undefined;
  #syncing: Promise<void> | undefined;
  #unsynced = false;
  #closed: Promise<RecordingSummary> | undefined;

  /** Use `openRecording`. */
  constructor(path: string, file: RecordingFile, writer: LineWriter, maxBytes: () => number) {
    this.path = path;
    this.#file = file;
    this.#writer = writer;
    this.#maxBytes = maxBytes;
    this.failed = this.#failure.promise;
  }

  /** Bytes of output that are not in the file yet. */
  get pending(): number {
    return this.#pending;
  }

  /**
   * Takes output. Only queues it. The chunk must not be changed afterwards.
   * @returns false when it is not taken, and must then be shown to nobody: the recording is full, failed or closed
   */
  output(chunk: Buffer): boolean {
    if (!this.#takes(worst(chunk), () => escapedLength(chunk))) return false;
    if (chunk.length === 0) return true;
    this.#queue.output(this.#elapsed(), chunk);
    this.#pending += chunk.length;
    if (this.#pending >= FLUSH_BYTES) this.#flushNow();
    else this.#flushLater();
    if (this.#pending > PRESSURE_BYTES) this.#press();
    return true;
  }

  resize(cols: number, rows: number): void {
    if (!this.#takes(FRAME)) return;
    this.#queue.resize(this.#elapsed(), cols, rows);
    this.#flushLater();
  }

  /** A named point in time, for players that jump. */
  marker(text: string): void {
    if (!this.#takes(Buffer.byteLength(JSON.stringify(text)))) return;
    this.#queue.marker(this.#elapsed(), text);
    this.#flushLater();
  }

  /** Called when more than 4 MiB wait for the disk: pause the shell, await `drained`, resume it. */
  onPressure(listener: () => void): Disposable {
    this.#pressureListeners.add(listener);
    return { [Symbol.dispose]: () => void this.#pressureListeners.delete(listener) };
  }

  /** Resolves when less than 1 MiB waits, at once if there was no pressure; also when the recording fails or closes. */
  drained(): Promise<void> {
    return this.#relief?.promise ?? Promise.resolve();
  }

  /** Writes what is queued, syncs, and closes. Never throws: `complete` says whether all is there. */
  close(): Promise<RecordingSummary> {
    this.#closed ??= this.#finish();
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /**
   * Whether so much more text surely fits, and all that was taken before with it. Full is full: what was taken is still
   * written, and nothing more is.
   */
  #takes(atMost: number, exactly: () => number = () => atMost): boolean {
    if (this.#state !== 'open' || this.#full) return false;
    const room = this.#maxBytes() - this.#writer.length - this.#writing - FRAME - REST;
    if (this.#queue.bound + atMost <= room) return true;
    this.#queue.measure();
    if (this.#queue.bound + exactly() <= room) return true;
    this.#full = true;
    this.#failure.resolve(new RecordingFailed('limit', this.path));
    return false;
  }

  #elapsed(): number {
    return performance.now() - this.#startedAt;
  }

  #flushLater(): void {
    this.#flushTimer ??= setTimeout(() => this.#flushNow(), FLUSH_MS);
  }

  #flushNow(): void {
    clearTimeout(this.#flushTimer);
    this.#flushTimer = undefined;
    this.#flushing ??= this.#flush().finally(() => {
      this.#flushing = undefined;
      if (this.#state === 'open' && !this.#queue.isEmpty) this.#flushLater();
    });
  }

  /** Writes until little is left. Never rejects. */
  async #flush(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve)); // the shell's output goes to its reader first
    try {
      do await this.#writeBatch();
      while (this.#state !== 'failed' && this.#pending >= FLUSH_BYTES);
    } catch (error) {
      this.#fail(error);
    }
  }

  async #writeBatch(): Promise<void> {
    const { lines, taken } = this.#queue.takeBatch();
    await this.#append(lines);
    this.#pending = Math.max(0, this.#pending - taken); // a failure meanwhile has set it to 0
    if (this.#pending < RELIEF_BYTES) this.#relieve();
  }

  async #append(lines: Buffer): Promise<void> {
    if (lines.length === 0) return;
    this.#writing = lines.length;
    await this.#writer.append(lines);
    this.#writing = 0;
    this.#unsynced = true;
    this.#syncLater();
  }

  #syncLater(): void {
    if (this.#state === 'open') this.#syncTimer ??= setTimeout(() => this.#sync(), SYNC_MS);
  }

  #sync(): void {
    this.#unsynced = false;
    const synced = () => {
      this.#syncTimer = undefined;
      if (this.#unsynced) this.#syncLater(); // written meanwhile
    };
    this.#syncing = this.#file.datasync().then(synced, (error) => this.#fail(error));
  }

  #press(): void {
    if (this.#relief !== undefined) return;
    this.#relief = Promise.withResolvers();
    for (const listener of this.#pressureListeners) listener();
  }

  #relieve(): void {
    this.#relief?.resolve();
    this.#relief = undefined;
  }

  #fail(error: unknown): void {
    if (this.#state === 'failed') return;
    this.#state = 'failed';
    clearTimeout(this.#flushTimer);
    clearTimeout(this.#syncTimer);
    this.#queue.clear();
    this.#pending = 0;
    this.#failure.resolve(recordingFailure(this.path, error));
    this.#relieve();
  }

  async #finish(): Promise<RecordingSummary> {
    const durationMs = this.#elapsed();
    if (this.#state === 'open') this.#state = 'closing';
    clearTimeout(this.#flushTimer);
    clearTimeout(this.#syncTimer);
    await this.#flushing;
    await this.#syncing;
    try {
      while (this.#state === 'closing' && !this.#queue.isEmpty) await this.#writeBatch();
      if (this.#state === 'closing') await this.#append(this.#queue.takeRest());
      await this.#file.sync();
    } catch (error) {
      this.#fail(error);
    }
    await this.#file.close().catch((error) => this.#fail(error));
    this.#relieve();
    return {
      bytes: this.#writer.length,
      sha256: this.#writer.digest(),
      durationMs,
      events: this.#writer.lines - 1, // the first line is the header
      complete: this.#state !== 'failed' && !this.#full,
    };
  }
}
