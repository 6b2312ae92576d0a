// The machine's audit log: typed events in, sealed leaves out. Promise 5: `append` resolves only when the event is
// durable, and whoever has an effect to show waits for it.

import { join } from 'node:path';
import type { z } from 'zod';
import {
  EVENT_FIELDS,
  EVENTS,
  type EventFields,
  type EventType,
  type Severity,
} from '../../protocol/audit/catalogue.ts';
import { readHeader, sealLeaf } from '../../protocol/audit/envelope.ts';
import { type Log, openLog } from '../../protocol/log/log.ts';
import type { NoteSigner } from '../../protocol/log/note-keys.ts';
import { readEntries } from '../../protocol/log/reader.ts';
import type { BodyKeys } from './body-keys.ts';

const CLOCK_STEP_MS = 1_000; // a clock that went back by less is jitter

export interface AuditEvent {
  readonly seq: number;
  readonly time: string;
  readonly type: EventType;
  readonly severity: Severity;
  readonly session: string | null;
  readonly fields: z.output<(typeof EVENT_FIELDS)[EventType]>;
}

export interface EventContext {
  readonly session?: string;
  /** Fingerprint of the key that acted; absent for the machine itself. */
  readonly actor?: string;
}

export class MachineLog implements AsyncDisposable {
  readonly #log: Log;
  readonly #keys: BodyKeys;
  readonly #listeners = new Set<(event: AuditEvent) => void>();
  #next: number;
  #lastTime: number;

  private constructor(log: Log, keys: BodyKeys, lastTime: number) {
    this.#log = log;
    this.#keys = keys;
    this.#next = log.size;
    this.#lastTime = lastTime;
  }

  /** Opens or makes the log below `home`; an unfinished end after a crash is cut, and the cut is an event. */
  static async open(home: string, signer: NoteSigner, origin: string, keys: BodyKeys): Promise<MachineLog> {
    const directory = join(home, 'audit');
    const log = await openLog(directory, signer, { origin });
    const opened = new MachineLog(log, keys, await timeOfLast(directory, log.size));
    if (log.recovered !== null) {
      await opened.append('log.recovered', {
        cutEntries: log.recovered.cutEntries,
        keptEntries: log.recovered.journaledEntries + log.recovered.completedEntries,
        cutFiles: log.recovered.cutFiles.slice(0, 100),
      });
    }
    return opened;
  }

  get size(): number {
    return this.#log.size;
  }

  get healthy(): boolean {
    return !this.#log.failed;
  }

  /** The newest signed checkpoint, a C2SP note. */
  get checkpoint(): string {
    return this.#log.checkpoint;
  }

  /** Called once when the log can no longer be written (promise 4). */
  onFailure(listener: (problem: Error) => void): Disposable {
    return this.#log.onFailure(listener);
  }

  /** Called with every event after it became durable. */
  onEvent(listener: (event: AuditEvent) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Resolves when a signed checkpoint covers every event that was appended before; rejects when it cannot. */
  flush(): Promise<void> {
    return this.#log.flush();
  }

  /** Resolves when the event is on disk; rejects when it could not be written. A checkpoint covers it soon after. */
  async append<T extends EventType>(type: T, fields: EventFields<T>, context: EventContext = {}): Promise<AuditEvent> {
    const session = context.session ?? null;
    const time = this.#now();
    const header = { seq: this.#next, time: new Date(time).toISOString(), session, actor: context.actor ?? null };
    const entry = sealLeaf(header, type, fields, this.#keys.of(session));
    // Numbers and times are given in the order in which the log takes the entries: no await before `append`.
    this.#next += 1;
    this.#lastTime = time;
    await Promise.all([this.#log.append(entry), this.#keys.durable(session)]);
    const event: AuditEvent = {
      seq: header.seq,
      time: header.time,
      type,
      severity: EVENTS[type].severity,
      session,
      fields: EVENT_FIELDS[type].parse(fields),
    };
    for (const listener of this.#listeners) {
      listener(event);
    }
    return event;
  }

  /** Never before the leaf in front: a clock that goes back is recorded, not followed. */
  #now(): number {
    const now = Date.now();
    if (now < this.#lastTime - CLOCK_STEP_MS) {
      const behindMs = this.#lastTime - now;
      const header = { seq: this.#next, time: new Date(this.#lastTime).toISOString(), session: null, actor: null };
      this.#next += 1;
      void this.#log
        .append(sealLeaf(header, 'clock.changed', { behindMs }, this.#keys.of(null)))
        .catch(() => undefined);
    }
    return Math.max(now, this.#lastTime);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#log.close();
  }
}

async function timeOfLast(directory: string, size: number): Promise<number> {
  if (size === 0) {
    return 0;
  }
  for await (const entry of readEntries(directory, size - 1, size)) {
    return Date.parse(readHeader(entry).time);
  }
  return 0;
}
