// A shell's bytes as lines of safe text, for people and programs that want no terminal: what a line showed last stays,
// everything that would act on a terminal goes.

import { StringDecoder } from 'node:string_decoder';
import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';
import { Echoes } from './echoes.ts';

const LINE_MAX = 16_000; // code points of one line; longer ones are cut with an ellipsis
const HELD_MAX = 64 * 1024; // characters of a line without an end; then it is taken as it is
const PROMPT_AFTER_MS = 50; // a line that stays unfinished is a prompt: somebody waits to read it
const UNFINISHED_SEQUENCE = /\x1b(?:[[\]PX^_][^\x07\x1b]{0,200})?$/;

export class PlainText implements Disposable {
  readonly #decoder = new StringDecoder('utf8');
  readonly #write: (text: string) => void;
  #held = '';
  /** What of the held line has been written already. */
  #written = '';
  #timer: NodeJS.Timeout | undefined;
  readonly #echoes = new Echoes();

  /** @param write gets whole lines with their newline, and the beginning of a line that stays unfinished */
  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** `line` and its end stand on the terminal already, because it was typed there: once is enough. */
  typed(line: string): void {
    this.#echoes.add(sanitiseLine(line, LINE_MAX));
  }

  push(chunk: Uint8Array): void {
    clearTimeout(this.#timer);
    const parts = (this.#held + this.#decoder.write(Buffer.from(chunk))).split('\n');
    this.#held = parts.pop() ?? '';
    let text = '';
    for (const line of parts) {
      const echo = this.#echoes.waiting ? this.#echoes.take(visible(line), this.#written) : null;
      text += echo ?? `${this.#rest(line)}\n`;
      this.#written = '';
    }
    if (this.#held.length > HELD_MAX) {
      text += `${this.#rest(this.#held)}\n`;
      this.#held = '';
      this.#written = '';
    }
    if (text !== '') {
      this.#write(text);
    }
    if (this.#held !== '') {
      this.#timer = setTimeout(() => this.#prompt(), PROMPT_AFTER_MS);
      this.#timer.unref();
    }
  }

  /** Writes what is left. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    const rest = this.#rest(this.#held);
    if (rest !== '' || this.#written !== '') {
      this.#write(`${rest}\n`);
    }
    this.#held = '';
    this.#written = '';
  }

  #prompt(): void {
    if (UNFINISHED_SEQUENCE.test(this.#held)) {
      return;
    }
    if (this.#echoes.waiting && this.#echoes.mayBecome(visible(this.#held), this.#written)) {
      this.#timer = setTimeout(() => this.#prompt(), PROMPT_AFTER_MS);
      this.#timer.unref();
      return;
    }
    const rest = this.#rest(this.#held);
    if (rest !== '') {
      this.#written += rest;
      this.#write(rest);
    }
  }

  /** What `line` shows beyond what was written of it; all of it again, on a new line, when that has changed. */
  #rest(line: string): string {
    const shown = visible(line);
    if (shown.startsWith(this.#written)) {
      return shown.slice(this.#written.length);
    }
    this.#written = '';
    return `\n${shown}`;
  }
}

/** A carriage return begins the line anew, as progress bars do. */
function visible(line: string): string {
  const last = line.replace(/\r+$/, '').split('\r').at(-1) ?? '';
  return sanitiseLine(last, LINE_MAX);
}
