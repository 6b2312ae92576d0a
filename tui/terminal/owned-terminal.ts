// Holds the terminal while the dashboard is up, and gives it back on every way out: return, exception, rejection,
// signals, suspension, a terminal that went away.

import type { ReadStream, WriteStream } from 'node:tty';
import type { Size } from './frame.ts';
import { ENTER, LEAVE } from './sequences.ts';

const FAREWELL_MS = 1500; // what the session may take to end politely after a signal, before the process goes anyway
const FALLBACK: Size = { cols: 80, rows: 24 }; // terminals on serial lines may not know their size

const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
const SIGNAL_NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGTERM: 15 } as const;

export interface OwnedTerminalOptions {
  readonly stdin: ReadStream;
  readonly stdout: WriteStream;
  readonly onInput: (chunk: Buffer) => void;
  /** Called with the new size, and when the terminal is ours again after a suspension: paint everything. */
  readonly onRepaint: (size: Size) => void;
  /** The process is told to end, or its terminal is gone. The terminal is restored already. Bounded in time. */
  readonly onFarewell: () => Promise<void>;
}

export class OwnedTerminal implements Disposable {
  readonly #options: OwnedTerminalOptions;
  readonly #undo = new DisposableStack();
  #held = false;
  #ending = false;

  constructor(options: OwnedTerminalOptions) {
    this.#options = options;
    const { stdin, stdout } = options;
    this.#listen(process, 'exit', () => this.#release());
    // Node prints the error after this and exits; unhandled rejections come this way too.
    this.#listen(process, 'uncaughtExceptionMonitor', () => this.#release());
    for (const signal of ENDING_SIGNALS) this.#listen(process, signal, () => this.#end(128 + SIGNAL_NUMBERS[signal]));
    this.#listen(process, 'SIGTSTP', () => this.suspend());
    this.#listen(process, 'SIGCONT', () => this.#resume());
    this.#listen(stdin, 'data', (chunk: Buffer) => options.onInput(chunk));
    this.#listen(stdin, 'end', () => this.#end(128 + SIGNAL_NUMBERS.SIGHUP));
    // A terminal that went away answers EIO or EPIPE; without listeners that would be an exception.
    this.#listen(stdin, 'error', () => this.#end(128 + SIGNAL_NUMBERS.SIGHUP));
    this.#listen(stdout, 'error', () => this.#end(128 + SIGNAL_NUMBERS.SIGHUP));
    this.#listen(stdout, 'resize', () => options.onRepaint(this.size));
    this.#hold();
  }

  get size(): Size {
    const { columns, rows } = this.#options.stdout;
    return { cols: columns > 0 ? columns : FALLBACK.cols, rows: rows > 0 ? rows : FALLBACK.rows };
  }

  /** Gives the terminal to the job control of the shell that started us; `fg` brings us back. */
  suspend(): void {
    this.#release();
    process.kill(process.pid, 'SIGSTOP');
  }

  [Symbol.dispose](): void {
    this.#release();
    this.#undo.dispose();
    this.#options.stdin.pause();
    this.#options.stdin.unref();
  }

  #hold(): void {
    if (this.#held) return;
    this.#held = true;
    this.#options.stdin.setRawMode(true);
    this.#options.stdout.write(ENTER);
    this.#options.stdin.resume();
  }

  #release(): void {
    if (!this.#held) return;
    this.#held = false;
    attempt(() => this.#options.stdout.write(LEAVE));
    attempt(() => this.#options.stdin.setRawMode(false));
  }

  #resume(): void {
    if (this.#ending) return;
    // Stopped by SIGSTOP we were never asked: the shell may have changed the modes behind our back.
    this.#held = false;
    this.#hold();
    this.#options.onRepaint(this.size);
  }

  #end(exitCode: number): void {
    if (this.#ending) return;
    this.#ending = true;
    this.#release();
    const exit = () => process.exit(exitCode);
    setTimeout(exit, FAREWELL_MS).unref();
    this.#options.onFarewell().then(exit, exit);
  }

  #listen(
    emitter: { on(event: string, listener: Listener): unknown; off(event: string, listener: Listener): unknown },
    event: string,
    listener: Listener,
  ): void {
    emitter.on(event, listener);
    this.#undo.defer(() => emitter.off(event, listener));
  }
}

// Node types each event's listener apart; here they only differ in whether they look at the chunk.
// biome-ignore lint/suspicious/noExplicitAny: the emitters' own signature
type Listener = (...args: any[]) => void;

/** Restoring goes on whatever fails: the terminal may be gone already. */
function attempt(step: () => unknown): void {
  try {
    step();
  } catch {}
}
