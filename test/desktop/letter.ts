// Somebody who writes a letter in a window of their own, and goes on writing when a question comes.

import type { XDesktop } from './x-desktop.ts';

export class Letter implements AsyncDisposable {
  readonly window: string;
  readonly #desktop: XDesktop;
  #writing = true;
  readonly #written: Promise<void>;

  private constructor(desktop: XDesktop, window: string, keys: readonly string[]) {
    this.window = window;
    this.#desktop = desktop;
    this.#written = this.#write(keys);
  }

  /** Words of all kinds, with `keys` between them, until it is disposed of. */
  static async begin(desktop: XDesktop, ...keys: readonly string[]): Promise<Letter> {
    desktop.start('xterm', '-T', 'a letter');
    const { window } = await desktop.window('a letter');
    await desktop.ask('windowactivate', '--sync', window);
    return new Letter(desktop, window, keys);
  }

  async #write(keys: readonly string[]): Promise<void> {
    while (this.#writing) {
      await this.#desktop.type('yes allow a ');
      await this.#desktop.ask('key', ...keys);
    }
  }

  /** Whether the keyboard is where the letter is. */
  async hasKeyboard(): Promise<boolean> {
    return (await this.#desktop.ask('getactivewindow')) === this.window;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#writing = false;
    await this.#written;
  }
}
