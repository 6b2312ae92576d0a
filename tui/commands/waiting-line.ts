// One line on standard error that says who is awaited, for what, until when; it counts down where it can be redrawn.

import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';
import type { Waiting } from '../dashboard/ports.ts';
import { timeInWords } from '../records/amounts.ts';

const TICK_MS = 1000;
const ERASE = '\r\x1b[K';

export class WaitingLine {
  #waiting: Waiting | null = null;
  #timer: NodeJS.Timeout | undefined;
  #shown = '';

  show(waiting: Waiting): void {
    this.#waiting = waiting;
    this.#draw();
    if (process.stderr.isTTY === true && this.#timer === undefined) {
      this.#timer = setInterval(() => this.#draw(), TICK_MS);
      this.#timer.unref();
    }
  }

  /** Makes room for other words. */
  clear(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#waiting = null;
    if (process.stderr.isTTY === true && this.#shown !== '') {
      process.stderr.write(ERASE);
    }
    this.#shown = '';
  }

  #draw(): void {
    if (this.#waiting === null) {
      return;
    }
    const tty = process.stderr.isTTY === true;
    const words = sanitiseLine(waitingWords(this.#waiting, tty), Math.max(20, (process.stderr.columns ?? 400) - 1));
    if (words !== this.#shown) {
      this.#shown = words;
      process.stderr.write(tty ? `${ERASE}${words}` : `${words}\n`);
    }
  }
}

/** `waiting for the person at front-desk-2 to answer your request, until 14:05:09 (58 s left)` */
export function waitingWords({ who, what, until }: Waiting, countdown: boolean): string {
  const base = `waiting for ${who} ${what}`;
  if (until === null) {
    return base;
  }
  const clock = timeInWords(until).slice(-8);
  const left = countdown ? ` (${Math.ceil(Math.max(0, until - Date.now()) / 1000)} s left)` : '';
  return `${base}, until ${clock}${left}`;
}
