// What a technician's program tried outside the grant: counted for the receipt, logged so far as it helps.

import type { MachineLog } from '../audit/machine-log.ts';
import type { Refusal } from '../ssh/connection.ts';

const KINDS_MAX = 100; // different things that are counted by name; the rest is "other"
const LOGGED_PER_KIND = 20; // the receipt counts the rest, so that trying again and again does not fill the log

export class Refusals {
  readonly #counts = new Map<string, number>();
  readonly #log: Pick<MachineLog, 'append'>;
  readonly #session: string;

  constructor(session: string, log: Pick<MachineLog, 'append'>) {
    this.#session = session;
    this.#log = log;
  }

  record({ what, detail }: Pick<Refusal, 'what' | 'detail'>): void {
    const name = this.#counts.has(what) || this.#counts.size < KINDS_MAX - 1 ? what : 'other';
    const count = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, count);
    if (count <= LOGGED_PER_KIND) {
      const suppressed = count === LOGGED_PER_KIND ? 1 : 0; // 1: more of this kind may follow unlogged
      // A log that fails ends the session by itself (promise 4).
      void this.#log
        .append('ssh.refused', { what: name, detail, suppressed }, { session: this.#session })
        .catch(() => undefined);
    }
  }

  /** As the receipt lists them. */
  get list(): { what: string; count: number }[] {
    return [...this.#counts].map(([what, count]) => ({ what, count }));
  }
}
