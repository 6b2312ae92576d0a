// Lines that were typed at this terminal, and stand on it already: the machine shows them as well, behind its prompt.
// What was typed before there was a prompt it shows twice: as it came, and when the shell read it.

const WAIT_MS = 1000; // for the machine to show it; a password is never shown
const WAITING_MAX = 16; // lines typed ahead

interface Typed {
  readonly line: string;
  readonly until: number;
  /** Shown once, without a prompt before it. */
  bare: boolean;
}

export class Echoes {
  readonly #typed: Typed[] = [];

  add(line: string): void {
    if (this.#typed.length >= WAITING_MAX) this.#typed.shift();
    this.#typed.push({ line, until: performance.now() + WAIT_MS, bare: false });
  }

  /** Whether there is anything to look for. */
  get waiting(): boolean {
    this.#forget();
    return this.#typed.length > 0;
  }

  /**
   * What is left to write of a whole line that shows what was typed; null when it shows something else.
   *
   * @param written the part of it that was written before, such as a prompt
   */
  take(shown: string, written: string): string | null {
    for (const [index, echo] of this.#typed.entries()) {
      if (!shown.startsWith(written) || !shown.endsWith(echo.line)) continue;
      const prompt = shown.slice(0, shown.length - echo.line.length);
      if (prompt === '' ? echo.bare : echo.line === '' && prompt !== written) continue;
      if (prompt === '') echo.bare = true;
      else if (prompt !== written && written !== '') continue; // more than a prompt stands before it
      // The terminal is on a new line already when it was typed behind this very prompt, and only then.
      const rest = prompt === '' || (prompt === written && !echo.bare) ? '' : `${prompt.slice(written.length)}\n`;
      this.#typed.splice(0, prompt === '' ? index : index + 1); // what was typed before it was not shown
      return rest;
    }
    return null;
  }

  /** Whether an unfinished line shows the beginning of what was typed behind `written`, and nothing else. */
  mayBecome(shown: string, written: string): boolean {
    const [next] = this.#typed;
    return next !== undefined && shown.length > written.length && `${written}${next.line}`.startsWith(shown);
  }

  #forget(): void {
    const now = performance.now();
    while ((this.#typed[0]?.until ?? now) < now) this.#typed.shift();
  }
}
