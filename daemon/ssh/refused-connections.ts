// Connections and technicians that were refused before any prompt, logged at a bounded rate: nobody fills the log from
// outside.

import type { Logger } from 'pino';
import type { EventFields } from '../../protocol/audit/catalogue.ts';
import type { MachineLog } from '../audit/machine-log.ts';

const PER_MINUTE = 30; // events of each kind; a scan of a port makes thousands
const MINUTE_MS = 60_000;
const ADDRESS_MAX = 64; // characters
const LINE_MAX = 500; // characters

export class RefusedConnections {
  readonly #log: Pick<MachineLog, 'append'>;
  readonly #connections = new Budget();
  readonly #technicians = new Budget();
  readonly #logger: Pick<Logger, 'warn'>;

  constructor(log: Pick<MachineLog, 'append'>, logger: Pick<Logger, 'warn'>) {
    this.#log = log;
    this.#logger = logger;
  }

  record(address: string, reason: string): void {
    const suppressed = this.#connections.take();
    if (suppressed === null) return;
    const fields = { address: address.slice(0, ADDRESS_MAX), reason: reason.slice(0, LINE_MAX), suppressed };
    void this.#log.append('connection.refused', fields).catch(this.#lost);
  }

  /** Somebody showed a certificate or a key that is not believed. */
  technician(address: string, refused: Omit<EventFields<'technician.refused'>, 'address' | 'suppressed'>): void {
    const suppressed = this.#technicians.take();
    if (suppressed === null) return;
    const fields = { ...refused, address: address.slice(0, ADDRESS_MAX), suppressed };
    void this.#log.append('technician.refused', fields).catch(this.#lost);
  }

  /** A failed log shows in `chaperoned status` and refuses every session; there is nobody else to tell here. */
  readonly #lost = (problem: unknown): void => this.#logger.warn({ problem }, 'a refusal could not be logged');
}

class Budget {
  #windowStart = 0;
  #inWindow = 0;
  #suppressed = 0;

  /** How many were left out since the last one; null when this one is to be left out as well. */
  take(): number | null {
    const now = performance.now();
    if (now - this.#windowStart > MINUTE_MS) {
      this.#windowStart = now;
      this.#inWindow = 0;
    }
    this.#inWindow += 1;
    if (this.#inWindow > PER_MINUTE) {
      this.#suppressed += 1;
      return null;
    }
    const suppressed = this.#suppressed;
    this.#suppressed = 0;
    return suppressed;
  }
}
