// Connections that were refused before any prompt, logged at a bounded rate: nobody fills the log from outside.

import type { MachineLog } from '../audit/machine-log.ts';

const PER_MINUTE = 30; // events; a scan of a port makes thousands
const MINUTE_MS = 60_000;

export class RefusedConnections {
  readonly #log: Pick<MachineLog, 'append'>;
  #windowStart = 0;
  #inWindow = 0;
  #suppressed = 0;

  constructor(log: Pick<MachineLog, 'append'>) {
    this.#log = log;
  }

  record(address: string, reason: string): void {
    const now = performance.now();
    if (now - this.#windowStart > MINUTE_MS) {
      this.#windowStart = now;
      this.#inWindow = 0;
    }
    this.#inWindow += 1;
    if (this.#inWindow > PER_MINUTE) {
      this.#suppressed += 1;
      return;
    }
    const suppressed = this.#suppressed;
    this.#suppressed = 0;
    // A failed log shows in `chaperoned status` and refuses every session; there is nobody to tell here.
    void this.#log
      .append('connection.refused', { address: address.slice(0, 64), reason: reason.slice(0, 500), suppressed })
      .catch(() => undefined);
  }
}
