// The indicator of one session: on the screen as long as the session lives, and the session as long as it is there.

import type { SessionView } from '../../local/controls.ts';
import { Dialog } from '../dialog/dialog.ts';
import type { DesktopPlace } from '../place.ts';
import { type IndicatorCommand, indicatorCommand } from './indicator-command.ts';
import { elapsed, indicatorLine } from './indicator-words.ts';

const TICK_MS = 1000; // the time on it moves once a second
const SHOW_MS = 6000; // then there is no indicator, and the daemon lets nothing be opened

export interface IndicatorEvents {
  /** It is on the screen. */
  onUp(): void;
  /** The person pressed the button that ends the session. */
  onEnd(): void;
  /** It was closed, killed, unmapped, or did not come: the session must end. */
  onDown(): void;
}

export class IndicatorWindow implements Disposable {
  readonly #place: DesktopPlace;
  readonly #events: IndicatorEvents;
  readonly #panicKey: string;
  readonly #slot: number;
  readonly #ticking: NodeJS.Timeout;
  #session: SessionView;
  #shown: Dialog | null = null;
  #looks = '';
  /** How the present window was made: one that would look the same stays. */
  #command: IndicatorCommand | null = null;
  #changing: Promise<void> = Promise.resolve();
  #up = false;
  #over = false;

  constructor(session: SessionView, slot: number, panicKey: string, place: DesktopPlace, events: IndicatorEvents) {
    this.#session = session;
    this.#slot = slot;
    this.#panicKey = panicKey;
    this.#place = place;
    this.#events = events;
    this.#ticking = setInterval(() => this.#tick(), TICK_MS);
    this.update(session);
  }

  get slot(): number {
    return this.#slot;
  }

  /** Shows what has changed. A window that looks different comes before the former one goes. */
  update(session: SessionView): void {
    this.#session = session;
    const looks = `${session.state === 'paused'} ${session.because}`;
    if (this.#over || looks === this.#looks) return;
    this.#looks = looks;
    this.#changing = this.#changing.then(() => this.#open(session));
  }

  async #open(session: SessionView): Promise<void> {
    if (this.#over) return;
    const former = this.#shown;
    const command = await indicatorCommand({ session, panicKey: this.#panicKey }, this.#slot, this.#place);
    if (this.#over) return;
    if (command === null) {
      this.#down();
      return;
    }
    if (JSON.stringify(command) === JSON.stringify(this.#command)) {
      this.#tick();
      return;
    }
    this.#command = command;
    const lost = () => {
      if (this.#shown === dialog || !this.#up) this.#down();
    };
    const dialog = new Dialog(command, this.#place, { onHidden: lost });
    void dialog.closed.then(({ code }) => {
      if (code !== null && code === command.endPressed && !this.#over) this.#events.onEnd();
      lost();
    });
    this.#shown = dialog;
    this.#tick();
    const timer = setTimeout(lost, SHOW_MS);
    await Promise.race([dialog.seen, dialog.closed]);
    clearTimeout(timer);
    former?.[Symbol.dispose]();
    if (this.#over) return;
    dialog.keepAbove();
    if (!this.#up) {
      this.#up = true;
      this.#events.onUp();
    }
  }

  #tick(): void {
    const { words, percent } = elapsed(this.#session);
    const looks = { session: this.#session, panicKey: this.#panicKey };
    const reads = this.#command?.reads;
    if (reads === 'time') this.#shown?.write(`${percent}\n#${words}`);
    else if (reads === 'everything') this.#shown?.write(`${percent}\n#${indicatorLine(looks, words)}`);
  }

  #down(): void {
    if (this.#over) return;
    this[Symbol.dispose]();
    this.#events.onDown();
  }

  /** Takes it off the screen. */
  [Symbol.dispose](): void {
    this.#over = true;
    clearInterval(this.#ticking);
    this.#shown?.[Symbol.dispose]();
  }
}
