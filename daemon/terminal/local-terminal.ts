// The terminal of the local user: taken as a full screen or line by line, and given back on every way out.

import { readlinkSync, writeSync } from 'node:fs';
import type { ReadStream } from 'node:tty';
import { ChaperoneError, EXIT } from '../../protocol/errors.ts';
import { type Key, KeyReader } from './keys.ts';

const ESC = '\x1b[';
const ESCAPE_WAIT_MS = 50; // a key that sends ESC and more arrives within one packet, also over ssh
/** Alternate screen, no wrapping at the edge, normal cursor keys, pastes in brackets, cursor hidden, cleared. */
const ENTER = `${ESC}?1049h${ESC}?7l${ESC}?1l\x1b>${ESC}?2004h${ESC}?25l${ESC}0m${ESC}2J`;
const LEAVE = `${ESC}?2026l${ESC}0m${ESC}?2004l${ESC}?7h${ESC}?25h${ESC}?1049l`;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/** `process.stdout` when it is a terminal. */
export type TerminalOutput = NodeJS.WriteStream & { readonly fd: number };

export interface TerminalEvents {
  readonly onKey: (key: Key) => void;
  /** The screen must be drawn anew; `resumed` when the program had been stopped, so that nobody knows what was typed. */
  readonly onRedraw: (why: 'resized' | 'resumed') => void;
  /** The terminal or the program is going away: a signal's name or `closed`. Comes at most once. */
  readonly onGone: (because: string) => void;
}

export interface Size {
  readonly cols: number;
  readonly rows: number;
}

/** `screen`: rows at places, on the alternate screen. `lines`: one after the other, for programs that read aloud. */
export type TerminalMode = 'screen' | 'lines';

/** Standard input and output, if both are a terminal: a question that a program could answer is not consent. */
export function ownTerminal(): { readonly input: ReadStream; readonly output: TerminalOutput } {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new ChaperoneError('this needs a terminal for its input and its output', {
      exitCode: EXIT.usage,
      hint: 'run it in a terminal window, without pipes or redirections',
    });
  }
  return { input: process.stdin, output: process.stdout };
}

/** `/dev/pts/3`, or `terminal` where the system does not tell. */
export function terminalName(fd: number): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return 'terminal';
  }
}

/** Line mode when asked for, or when the terminal cannot place a cursor. */
export function modeFor(plain: boolean): TerminalMode {
  const term = process.env.TERM ?? '';
  return plain || term === '' || term === 'dumb' ? 'lines' : 'screen';
}

/** Whether colours are wanted (https://no-color.org). */
export function colourWanted(): boolean {
  return (process.env.NO_COLOR ?? '') === '';
}

export class LocalTerminal implements Disposable {
  readonly #input: ReadStream;
  readonly #output: TerminalOutput;
  readonly #keys = new KeyReader();
  readonly #events: TerminalEvents;
  readonly #undo = new DisposableStack();
  #escape: NodeJS.Timeout | undefined;
  #painted: string[] | null = null;
  #gone = false;

  /** Takes the terminal at once. */
  constructor(input: ReadStream, output: TerminalOutput, mode: TerminalMode, events: TerminalEvents) {
    this.#input = input;
    this.#output = output;
    this.#events = events;
    const take = (): void => {
      input.setRawMode(true);
      if (mode === 'screen') output.write(ENTER);
    };
    const restore = (): void => {
      try {
        input.setRawMode(false);
        if (mode === 'screen') writeSync(output.fd, LEAVE); // synchronous: `exit` waits for nothing
      } catch {
        // The terminal is gone and has nothing left to restore.
      }
    };
    this.#undo.defer(restore);
    this.#on(process, 'exit', restore);
    for (const signal of SIGNALS) this.#on(process, signal, () => this.#leave(signal));
    this.#on(process, 'SIGCONT', () => {
      take();
      this.#redraw('resumed');
    });
    this.#on(input, 'data', (chunk: Buffer | string) => this.#take(chunk.toString()));
    for (const event of ['end', 'close', 'error']) this.#on(input, event, () => this.#leave('closed'));
    this.#on(output, 'error', () => this.#leave('closed'));
    this.#on(output, 'resize', () => this.#redraw('resized'));
    input.setEncoding('utf8');
    take();
    input.resume();
  }

  get size(): Size {
    return { cols: Math.max(1, this.#output.columns || 80), rows: Math.max(1, this.#output.rows || 24) };
  }

  /**
   * Shows `rows` from the top, writing only those that differ. Each fits the width already.
   *
   * @returns resolves when the bytes are with the terminal; rejects when it is gone
   */
  paint(rows: readonly string[], cursor: { readonly x: number; readonly y: number } | null = null): Promise<void> {
    const before = this.#painted;
    const after = Array.from({ length: this.size.rows }, (_, y) => rows[y] ?? '');
    let changes = '';
    for (const [y, row] of after.entries()) {
      if (before?.[y] !== row) changes += `${ESC}${y + 1};1H${ESC}0m${ESC}2K${row}`;
    }
    this.#painted = after;
    const place = cursor === null ? `${ESC}?25l` : `${ESC}${cursor.y + 1};${cursor.x + 1}H${ESC}?25h`;
    return this.write(`${ESC}?2026h${changes}${place}${ESC}?2026l`);
  }

  /** Text as it is, already sanitised; resolves when the bytes are with the terminal. */
  write(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#gone) reject(new ChaperoneError('the terminal is closed'));
      else this.#output.write(text, (error) => (error ? reject(error) : resolve()));
    });
  }

  [Symbol.dispose](): void {
    this.#gone = true;
    clearTimeout(this.#escape);
    this.#input.pause();
    this.#undo.dispose();
  }

  #take(chunk: string): void {
    clearTimeout(this.#escape);
    for (const key of this.#keys.push(chunk)) this.#events.onKey(key);
    if (this.#keys.pending) {
      this.#escape = setTimeout(() => {
        for (const key of this.#keys.flush()) this.#events.onKey(key);
      }, ESCAPE_WAIT_MS);
    }
  }

  #redraw(why: 'resized' | 'resumed'): void {
    this.#painted = null;
    if (!this.#gone) this.#events.onRedraw(why);
  }

  #leave(because: string): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#events.onGone(because);
  }

  #on<T>(emitter: NodeJS.EventEmitter, event: string, listener: (value: T) => void): void {
    emitter.on(event, listener);
    this.#undo.defer(() => emitter.off(event, listener));
  }
}
