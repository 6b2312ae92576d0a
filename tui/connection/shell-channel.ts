// One shell on the machine, as raw bytes: back-pressure in both directions, resizing, and a reason at the end.

import { StringDecoder } from 'node:string_decoder';
import type { Client, ClientChannel } from 'ssh2';
import { ChaperoneError, EXIT } from '../../protocol/errors.ts';
import { sanitiseText } from '../../protocol/terminal/sanitise.ts';
import type { ShellPort, TerminalSize } from '../dashboard/ports.ts';
import { SessionOver } from './errors.ts';

const INPUT_WAITING_MAX = 4 * 1024 * 1024; // bytes that the machine has not taken yet; more than any sane paste
const LAST_WORDS_MAX = 2000; // characters that the machine may say on stderr when it closes a shell
const CONNECTION_CLOSED = 'No response from server'; // ssh2's words to whoever waits for an answer when it closes
const ENDED_STATUS = EXIT.ended; // exit status of a shell that the session's end closed

/** What is done with output on its way, such as keeping a recording. Must not throw. */
export type OutputTap = (chunk: Buffer) => void;

export interface ShellOptions {
  readonly size: TerminalSize;
  /** @default xterm-256color: what the framed shell's emulator understands */
  readonly term?: string;
  readonly tap: OutputTap;
  readonly onResize: (size: TerminalSize) => void;
}

/** @throws ChaperoneError when the machine refuses it */
export function openShellChannel(client: Client, options: ShellOptions): Promise<ShellChannel> {
  const { cols, rows } = options.size;
  const { promise, resolve, reject } = Promise.withResolvers<ShellChannel>();
  try {
    client.shell({ term: options.term ?? 'xterm-256color', cols, rows, width: 0, height: 0 }, (error, channel) => {
      if (error?.message === CONNECTION_CLOSED) {
        reject(new SessionOver('the session is over'));
      } else if (error) {
        reject(
          new ChaperoneError('the machine did not open a shell', {
            exitCode: EXIT.denied,
            hint: 'the session may be paused or over, or its permissions have no shell',
            cause: error,
          }),
        );
      } else {
        // At once: how a short shell ended may come with the same packet as that it began.
        resolve(new ShellChannel(channel, options));
      }
    });
  } catch {
    reject(new SessionOver('the session is over')); // ssh2 throws when the socket is gone
  }
  return promise;
}

export class ShellChannel implements ShellPort {
  readonly closed: Promise<string>;
  /** Exit status of the shell's program; null when it did not end by itself. Known once `closed` has resolved. */
  exitStatus: number | null = null;
  /** Whether the machine closed it and said why. Known once `closed` has resolved. */
  cut = false;
  readonly #channel: ClientChannel;
  readonly #options: ShellOptions;
  #listener: ((chunk: Uint8Array) => void) | null = null;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #flushing = false;
  #blocked = false;
  #disposed = false;
  #stopped = false;
  #lastWords = '';

  constructor(channel: ClientChannel, options: ShellOptions) {
    this.#channel = channel;
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<string>();
    this.closed = promise;
    let how = 'the shell was closed';
    channel.on('exit', (status: number | null, signal?: string) => {
      this.exitStatus = status;
      how =
        status === null
          ? `the shell was stopped (${sanitiseText(signal ?? 'signal', { maxLength: 20, maxLines: 1 })})`
          : `the shell exited with status ${status}`;
    });
    const words = new StringDecoder('utf8');
    channel.stderr.on('data', (chunk: Buffer) => {
      if (this.#lastWords.length < LAST_WORDS_MAX) {
        this.#lastWords += words.write(chunk.subarray(0, LAST_WORDS_MAX));
      }
    });
    channel.on('error', () => undefined); // 'close' follows
    channel.stderr.on('error', () => undefined);
    channel.on('drain', () => {
      this.#blocked = false;
      this.#flush();
    });
    channel.on('close', () => {
      const said = sanitiseText(this.#lastWords, { maxLength: 300, maxLines: 3 }).replaceAll('\n', ' ').trim();
      this.cut = said !== '' && (this.exitStatus === null || this.exitStatus === ENDED_STATUS);
      resolve(this.cut ? said : how);
    });
  }

  onOutput(listener: (chunk: Uint8Array) => void): void {
    if (this.#listener !== null) {
      throw new ChaperoneError('this shell has a listener already');
    }
    this.#listener = listener;
    this.#channel.on('data', (chunk: Buffer) => {
      if (!this.#disposed && !this.#stopped) {
        this.#options.tap(chunk);
        listener(chunk);
      }
    });
  }

  pause(): void {
    this.#channel.pause();
  }

  resume(): void {
    this.#channel.resume();
  }

  /** Keys and pastes of one turn of the event loop travel together: two small packets cost a round trip (Nagle). */
  write(data: Uint8Array): void {
    if (this.#disposed || data.length === 0) {
      return;
    }
    this.#waitingBytes += data.length;
    if (this.#waitingBytes > INPUT_WAITING_MAX) {
      // Half a paste is worse than none: what is missing could change what a command does.
      this[Symbol.dispose]();
      return;
    }
    this.#waiting.push(Buffer.from(data));
    if (!this.#flushing) {
      this.#flushing = true;
      process.nextTick(() => {
        this.#flushing = false;
        this.#flush();
      });
    }
  }

  resize(size: TerminalSize): void {
    if (!this.#disposed && this.#channel.writable) {
      this.#options.onResize(size);
      this.#channel.setWindow(size.rows, size.cols, 0, 0);
    }
  }

  #flush(): void {
    if (this.#blocked || this.#disposed || this.#waiting.length === 0 || !this.#channel.writable) {
      return;
    }
    const all = this.#waiting.length === 1 ? this.#waiting[0] : Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#blocked = !this.#channel.write(all);
  }

  /** The session is over: nothing further is shown, and what the machine says last is still heard. */
  stop(): void {
    this.#stopped = true;
    this.#channel.resume();
  }

  /** Closes the shell; the machine ends what runs in it. */
  [Symbol.dispose](): void {
    if (!this.#disposed) {
      this.#disposed = true;
      this.#channel.resume(); // so that its end is seen
      this.#channel.close();
    }
  }
}
