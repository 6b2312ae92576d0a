// A screen that a remote program draws on and that we only read: text and SGR come out, nothing else does (promise 8).

import type { IBufferCell, Terminal } from '@xterm/headless';
import { ChaperoneError } from '../errors.ts';
import { isDeviceReply } from './device-reply.ts';
import { createEmulator } from './emulator.ts';
import { Keyframes } from './keyframe.ts';
import { rowText } from './row.ts';

const SCROLLBACK = 5000; // rows; 12 bytes a cell, so 12 MB at 200 columns
const MIN_COLS = 2; // a wide character needs them
const MAX_COLS = 1000; // sizes come from recordings too: a false one must not take all memory
const MAX_ROWS = 500;
const SLICE = 4 * 1024; // bytes; between slices the emulator lets others run, and a flood of scrolls takes 100 ms a slice
const MAX_PENDING = 16 * 1024 * 1024; // bytes; a writer that awaits never gets near

export interface ScreenOptions {
  /** Cells, 2 to 1000; other values are moved into this range. */
  readonly cols: number;
  /** 1 to 500. */
  readonly rows: number;
  /** Rows kept above the screen. @default 5000 */
  readonly scrollback?: number;
}

export interface Cursor {
  /** Column, from 0. */
  readonly x: number;
  /** Row of the screen (not of the scrollback), from 0. */
  readonly y: number;
  readonly visible: boolean;
}

export interface ScreenModes {
  /** Arrow keys are to be sent as `ESC O A` rather than `ESC [ A`. */
  readonly applicationCursor: boolean;
  /** Pasted text is to be wrapped in `ESC [ 200 ~` and `ESC [ 201 ~`. */
  readonly bracketedPaste: boolean;
  /** A full-screen program shows the alternate screen, which has no scrollback. */
  readonly alternate: boolean;
}

/** More was written than the emulator took in; the writer does not await `write`. */
export class ScreenOverrun extends ChaperoneError {}

export class Screen implements Disposable {
  readonly #terminal: Terminal;
  readonly #keyframes: Keyframes;
  readonly #cell: IBufferCell;
  readonly #waiting = new Set<() => void>();
  #pending = 0;
  #disposed = false;
  /** The last answer of `lines`, good until something is drawn. */
  #drawn: { readonly offset: number; readonly lines: readonly string[] } | undefined;

  constructor(options: ScreenOptions) {
    const { cols, rows } = clamped(options.cols, options.rows);
    this.#terminal = createEmulator({ cols, rows, scrollback: options.scrollback ?? SCROLLBACK });
    this.#keyframes = new Keyframes(this.#terminal);
    this.#cell = this.#terminal.buffer.active.getNullCell();
    this.#terminal.onWriteParsed(() => {
      this.#drawn = undefined;
    });
  }

  get cols(): number {
    return this.#terminal.cols;
  }

  get rows(): number {
    return this.#terminal.rows;
  }

  /**
   * Settles when all of it is on the screen, or when the screen is disposed. Bytes are UTF-8, a character may be split
   * over calls. Do not change `data` before.
   *
   * @throws {ScreenOverrun} (as a rejection) when 16 MiB wait already
   */
  write(data: Uint8Array | string): Promise<void> {
    if (this.#disposed) return Promise.resolve();
    if (this.#pending > MAX_PENDING) return Promise.reject(new ScreenOverrun('the screen cannot keep up'));
    this.#keyframes.track(data);
    const size = data.length;
    this.#pending += size;
    const { promise, resolve } = Promise.withResolvers<void>();
    const done = (): void => {
      this.#drawn = undefined;
      this.#pending -= size;
      this.#waiting.delete(done);
      resolve();
    };
    this.#waiting.add(done);
    for (let start = 0; start + SLICE < size; start += SLICE) this.#terminal.write(slice(data, start, start + SLICE));
    this.#terminal.write(slice(data, size === 0 ? 0 : Math.floor((size - 1) / SLICE) * SLICE, size), done);
    return promise;
  }

  /** Wrapped lines flow anew, except on the alternate screen. Out-of-range sizes are moved into range. */
  resize(cols: number, rows: number): void {
    if (this.#disposed) return;
    const size = clamped(cols, rows);
    this.#terminal.resize(size.cols, size.rows);
    this.#drawn = undefined;
  }

  /**
   * Exactly `rows` strings of printable text and SGR, each reset at its end and at most `cols` cells wide (a blank end
   * is cut off).
   *
   * @param scrollOffset rows back into the scrollback; more than there are shows the oldest
   */
  lines(scrollOffset = 0): string[] {
    const offset = this.#clampedOffset(scrollOffset);
    if (this.#drawn?.offset !== offset) this.#drawn = { offset, lines: this.#render(offset, true) };
    return [...this.#drawn.lines];
  }

  /** The screen as plain text, `rows` strings. */
  text(): string[] {
    return this.#render(0, false);
  }

  get cursor(): Cursor {
    const { cursorX, cursorY } = this.#terminal.buffer.active;
    return { x: Math.min(cursorX, this.cols - 1), y: cursorY, visible: this.#keyframes.cursorVisible };
  }

  get modes(): ScreenModes {
    const { modes, buffer } = this.#terminal;
    return {
      applicationCursor: modes.applicationCursorKeysMode,
      bracketedPaste: modes.bracketedPasteMode,
      alternate: buffer.active.type === 'alternate',
    };
  }

  get scrollbackLength(): number {
    return this.#terminal.buffer.active.baseY;
  }

  /** What the remote program is to get back (device attributes, cursor position). Listen live, never in a replay. */
  onReply(listener: (reply: string) => void): Disposable {
    const subscription = this.#terminal.onData((reply) => {
      if (isDeviceReply(reply)) listener(reply);
    });
    return { [Symbol.dispose]: () => subscription.dispose() };
  }

  onBell(listener: () => void): Disposable {
    const subscription = this.#terminal.onBell(listener);
    return { [Symbol.dispose]: () => subscription.dispose() };
  }

  /**
   * The state as text for another `Screen` of the same size (never for a terminal), once all writes have settled.
   *
   * @param scrollback rows above the screen to take along @default 0
   */
  serialize(scrollback = 0): string {
    return this.#keyframes.serialize(scrollback);
  }

  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const done of this.#waiting) done();
    this.#terminal.dispose();
  }

  #clampedOffset(offset: number): number {
    return Math.max(0, Math.min(Math.floor(offset), this.scrollbackLength));
  }

  #render(offset: number, styled: boolean): string[] {
    const { active } = this.#terminal.buffer;
    const top = active.baseY - offset;
    const options = { cols: this.cols, cell: this.#cell, styled };
    return Array.from({ length: this.rows }, (_, y) => {
      const line = active.getLine(top + y);
      return line === undefined ? '' : rowText(line, options);
    });
  }
}

function slice(data: Uint8Array | string, start: number, end: number): Uint8Array | string {
  return typeof data === 'string' ? data.slice(start, end) : data.subarray(start, end);
}

function clamped(cols: number, rows: number): { readonly cols: number; readonly rows: number } {
  return { cols: within(cols, MIN_COLS, MAX_COLS), rows: within(rows, 1, MAX_ROWS) };
}

function within(value: number, least: number, most: number): number {
  return Number.isFinite(value) ? Math.max(least, Math.min(most, Math.floor(value))) : least;
}
