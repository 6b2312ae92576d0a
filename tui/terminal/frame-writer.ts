// Decides when a frame is painted: at once after a pause, at the screen's pace under load, never faster than the
// terminal takes it. Frames in between are skipped; the newest is always shown in the end.

import { type Frame, type PaintedRow, paintedRows, rowChanges } from './frame.ts';
import { BEGIN_SYNC, END_SYNC, HIDE_CURSOR, moveTo, SHOW_CURSOR } from './sequences.ts';

const FRAME_MS = 16; // a 60 Hz screen shows no more
const SLOWEST_MS = 250; // even over a very slow line a person should see that something goes on

/** The part of a tty stream that is needed here. */
export interface FrameOutput {
  write(text: string): boolean;
  readonly writableNeedDrain: boolean;
  once(event: 'drain', listener: () => void): unknown;
}

export interface FrameWriterOptions {
  readonly output: FrameOutput;
  readonly colour: boolean;
  /** The screen as it should be now, or null to wait for the next request. */
  readonly frame: () => Frame | null;
}

/** What was written so far; for measurements. */
export interface FrameStatistics {
  readonly frames: number;
  readonly bytes: number;
  readonly paintMs: number;
}

export class FrameWriter implements Disposable {
  readonly #options: FrameWriterOptions;
  #painted: PaintedRow[] | null = null;
  #cursor = '';
  #timer: NodeJS.Timeout | NodeJS.Immediate | null = null;
  #notBefore = 0;
  #waitingForDrain = false;
  #stopped = false;
  #statistics = { frames: 0, bytes: 0, paintMs: 0 };

  constructor(options: FrameWriterOptions) {
    this.#options = options;
  }

  get statistics(): FrameStatistics {
    return { ...this.#statistics };
  }

  /** Something changed: paint soon. */
  request(): void {
    if (this.#stopped || this.#timer !== null || this.#waitingForDrain) return;
    const wait = this.#notBefore - performance.now();
    const run = () => {
      this.#timer = null;
      this.#paint();
    };
    this.#timer = wait <= 0 ? setImmediate(run) : setTimeout(run, wait);
  }

  /** What is on the screen is not known any more (resize, resume): paint all of it. */
  invalidate(): void {
    this.#painted = null;
    this.#cursor = '';
    this.request();
  }

  /** Nothing is written after this. */
  [Symbol.dispose](): void {
    this.#stopped = true;
    if (this.#timer !== null) {
      clearImmediate(this.#timer as NodeJS.Immediate);
      clearTimeout(this.#timer as NodeJS.Timeout);
    }
    this.#timer = null;
  }

  #paint(): void {
    const { output, colour } = this.#options;
    if (this.#stopped) return;
    if (output.writableNeedDrain) {
      this.#waitForDrain();
      return;
    }
    const started = performance.now();
    const frame = this.#options.frame();
    if (frame === null) return;
    const rows = paintedRows(frame, colour);
    const changes = rowChanges(this.#painted, rows, frame.size.cols);
    const cursor = frame.cursor === null ? HIDE_CURSOR : moveTo(frame.cursor.x, frame.cursor.y) + SHOW_CURSOR;
    this.#painted = rows;
    if (changes.length === 0 && cursor === this.#cursor) return;
    // The cursor is hidden while it travels, for terminals that do not know synchronized output.
    const hide = changes.length > 0 && this.#cursor !== HIDE_CURSOR ? HIDE_CURSOR : '';
    const place = cursor === this.#cursor && cursor === HIDE_CURSOR ? '' : cursor;
    const bytes = BEGIN_SYNC + hide + changes.join('') + place + END_SYNC;
    this.#cursor = cursor;
    if (!output.write(bytes)) this.#waitForDrain();
    this.#account(bytes, started);
  }

  #account(bytes: string, started: number): void {
    const took = performance.now() - started;
    // Writing to a tty blocks: a slow terminal gets fewer frames, so that keys are still read in between.
    this.#notBefore = performance.now() + Math.min(SLOWEST_MS, Math.max(FRAME_MS - took, took));
    this.#statistics.frames += 1;
    this.#statistics.bytes += Buffer.byteLength(bytes);
    this.#statistics.paintMs += took;
  }

  #waitForDrain(): void {
    this.#waitingForDrain = true;
    this.#options.output.once('drain', () => {
      this.#waitingForDrain = false;
      this.request();
    });
  }
}
