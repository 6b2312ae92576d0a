// Line by line, without placing the cursor: for screen readers, Braille lines and very simple terminals.

import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';
import type { Key } from './keys.ts';
import { LineInput } from './line-input.ts';
import { LocalTerminal, ownTerminal, terminalName } from './local-terminal.ts';
import { wrap } from './wrap.ts';

const LINE_MAX = 2000; // characters of one sentence

export interface ConsoleEvents {
  /** A line that was typed and ended with Enter. */
  readonly onLine: (line: string) => void;
  /** A line was ended that had been begun before `discard`. */
  readonly onSpoilt: () => void;
  /** Ctrl-C, Ctrl-D, Esc: what they mean depends on what is asked. */
  readonly onCancel: (key: 'ctrl-c' | 'ctrl-d' | 'escape') => void;
  readonly onGone: () => void;
  /** The program had been stopped and goes on. */
  readonly onResumed: () => void;
}

export class PlainConsole implements Disposable {
  readonly name: string;
  readonly #terminal: LocalTerminal;
  readonly #events: ConsoleEvents;
  readonly #input = new LineInput();
  #spoilt = false;

  constructor(events: ConsoleEvents) {
    const { input, output } = ownTerminal();
    this.name = terminalName(output.fd);
    this.#events = events;
    this.#terminal = new LocalTerminal(input, output, 'lines', {
      onKey: (key) => this.#press(key),
      onRedraw: (why) => {
        if (why === 'resumed') events.onResumed();
      },
      onGone: events.onGone,
    });
  }

  /** Says sentences; what was being typed is shown again below them. Resolves when they are on the terminal. */
  async say(...sentences: readonly string[]): Promise<void> {
    const typed = this.#input.text;
    const lines = sentences.flatMap((sentence) => wrap(sanitiseLine(sentence, LINE_MAX), this.#terminal.size.cols - 1));
    await this.#terminal.write(`${typed === '' ? '' : '\r\n'}${lines.map((line) => `${line}\r\n`).join('')}${typed}`);
  }

  /** A sound, for what must not be missed. */
  bell(): Promise<void> {
    return this.#terminal.write('\x07');
  }

  /**
   * What was typed so far does not count, and neither does the rest of that line: whoever is typing may not have heard
   * all of what has come up meanwhile.
   */
  discard(): void {
    this.#spoilt ||= this.#input.text !== '';
    this.#input.take();
  }

  [Symbol.dispose](): void {
    this.#terminal[Symbol.dispose]();
  }

  #press(key: Key): void {
    if (key.name === 'ctrl-c' || key.name === 'ctrl-d' || key.name === 'escape') {
      this.#input.take();
      this.#spoilt = false;
      this.#echo('\r\n');
      this.#events.onCancel(key.name);
      return;
    }
    const before = this.#input.text;
    const effect = this.#input.press(key);
    if (effect === 'line') {
      this.#echo('\r\n');
      const line = this.#input.take();
      if (this.#spoilt) this.#events.onSpoilt();
      else this.#events.onLine(line);
      this.#spoilt = false;
    } else if (effect === 'edited') {
      const after = this.#input.text;
      if (after.startsWith(before)) this.#echo(after.slice(before.length));
      else if (before.startsWith(after)) this.#echo('\b \b');
    }
  }

  #echo(text: string): void {
    this.#terminal.write(text).catch(() => undefined); // a terminal that is gone says so by itself
  }
}
