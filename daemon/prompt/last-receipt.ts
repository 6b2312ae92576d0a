// The receipt of the session that ended last, kept so that the person at the prompt can read it.

import { key as hint } from '../terminal/key-rows.ts';
import type { Key } from '../terminal/keys.ts';
import type { Line } from '../terminal/line.ts';
import type { Size } from '../terminal/local-terminal.ts';
import { type OpenedReceipt, openReceipt } from '../watch/open-receipt.ts';
import { receiptScreen } from '../watch/receipt-screen.ts';

const PAGE = 10; // lines

export class LastReceipt {
  #opened: OpenedReceipt | null = null;
  #scroll: number | null = null;

  /** Takes a receipt as it came from the daemon, whose key is `machineKey`. */
  take(note: string, machineKey: string): void {
    this.#opened = openReceipt(note, machineKey);
  }

  /** Null before a session has ended. */
  get sentences(): readonly string[] | null {
    return this.#opened?.sentences ?? null;
  }

  /** Whether it stands on the screen. */
  get isOpen(): boolean {
    return this.#scroll !== null;
  }

  open(): void {
    if (this.#opened !== null) this.#scroll = 0;
  }

  close(): void {
    this.#scroll = null;
  }

  /** Arrows scroll; any other key closes it. */
  press({ name }: Key): void {
    const step =
      name === 'down' ? 1 : name === 'up' ? -1 : name === 'page-down' ? PAGE : name === 'page-up' ? -PAGE : 0;
    if (step === 0) this.close();
    else if (this.#scroll !== null) this.#scroll = Math.max(0, this.#scroll + step);
  }

  /** Null while it is not open. */
  screen(machine: string, size: Size): Line[] | null {
    if (this.#opened === null || this.#scroll === null) return null;
    const keys = [hint('Esc', 'Back')];
    const view = { title: 'THE LAST SESSION', machine, receipt: this.#opened, scroll: this.#scroll, remark: '', keys };
    return receiptScreen(view, size);
  }
}
