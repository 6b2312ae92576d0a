// Tells listeners that something changed, at most once per turn of the event loop however much did.

export class Changes {
  readonly #listeners = new Set<() => void>();
  #announced = false;

  on(listener: () => void): Disposable {
    // A wrapper, so that the same function given twice is two listeners.
    const call = (): void => listener();
    this.#listeners.add(call);
    return { [Symbol.dispose]: () => void this.#listeners.delete(call) };
  }

  announce(): void {
    if (this.#announced) {
      return;
    }
    this.#announced = true;
    setImmediate(() => {
      this.#announced = false;
      for (const call of this.#listeners) {
        call();
      }
    });
  }
}
