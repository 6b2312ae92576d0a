// Text that comes bit by bit, and a way to wait for something in it without looking again and again.

const PATIENCE_MS = 60_000; // a slow, busy machine; nothing is measured by it
const SHOWN = 4000; // characters of the end, in the message of a failure

export class Transcript {
  #text = '';
  readonly #waiting = new Set<() => void>();

  get text(): string {
    return this.#text;
  }

  append(text: string): void {
    this.#text += text;
    for (const look of [...this.#waiting]) look();
  }

  /** Position from which later {@link until} calls may look. */
  get end(): number {
    return this.#text.length;
  }

  /** Resolves with everything as soon as `wanted` is in it (behind position `from`); fails with what was there instead. */
  until(wanted: string | RegExp, { from = 0, patienceMs = PATIENCE_MS } = {}): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const failure = new Error(); // made here, so that its stack names the test
    const timer = setTimeout(() => {
      failure.message = `waited in vain for ${String(wanted)}; there is:\n${this.#text.slice(-SHOWN)}`;
      reject(failure);
    }, patienceMs);
    const look = (): void => {
      const text = this.#text.slice(from);
      if (typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text)) resolve(this.#text);
    };
    this.#waiting.add(look);
    look();
    return promise.finally(() => {
      clearTimeout(timer);
      this.#waiting.delete(look);
    });
  }
}
