// Who has proven a key and waits for the code or for the person's answer: a few connections of each key, so that one
// technician's programs cannot take every place of the machine.

const WAITING_MAX = 4; // of one key; somebody who starts again after a broken line needs two

export class WaitingConnections {
  /** By fingerprint of the key; of each, how the connections leave, the one that waits longest first. */
  readonly #leave = new Map<string, Set<() => void>>();

  /**
   * Takes a place until it is disposed of. When there is none, the connection that waits longest leaves: the latest is
   * the one in front of which somebody sits.
   */
  enter(key: string, leave: () => void): Disposable {
    const places = this.#leave.get(key) ?? new Set();
    this.#leave.set(key, places);
    const own = () => leave(); // a place of its own, also for a function that was given before
    places.add(own);
    const [oldest] = places;
    if (places.size > WAITING_MAX && oldest !== undefined) {
      places.delete(oldest);
      oldest();
    }
    return {
      [Symbol.dispose]: () => {
        places.delete(own);
        if (places.size === 0 && this.#leave.get(key) === places) this.#leave.delete(key);
      },
    };
  }
}
