// The events of live sessions, kept in memory so that a technician's program that comes late sees all of them.

import type { AuditEvent, MachineLog } from './machine-log.ts';

const EVENTS_MAX = 1000; // per session; the log itself keeps everything
const SESSIONS_MAX = 64; // requests and sessions remembered at once; the oldest goes first

export class SessionTrail {
  readonly #events = new Map<string, AuditEvent[]>();

  constructor(log: Pick<MachineLog, 'onEvent'>) {
    log.onEvent((event) => {
      if (event.session === null) {
        return;
      }
      const events = this.#events.get(event.session) ?? this.#begin(event.session);
      events.push(event);
      if (events.length > EVENTS_MAX) {
        events.shift();
      }
    });
  }

  /** Oldest first. */
  of(session: string): readonly AuditEvent[] {
    return this.#events.get(session) ?? [];
  }

  #begin(session: string): AuditEvent[] {
    const events: AuditEvent[] = [];
    this.#events.set(session, events);
    for (const oldest of this.#events.keys()) {
      if (this.#events.size <= SESSIONS_MAX) {
        break;
      }
      this.#events.delete(oldest);
    }
    return events;
  }
}
