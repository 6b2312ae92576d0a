// The technician's own audit log: a C2SP log that everyone can verify, written before each step that it tells of.
//
// A log has one writer and several chaperone processes may run at once, so they take turns: open, append, close.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { EventFields, EventType } from '../../protocol/audit/catalogue.ts';
import { readHeader, sealLeaf } from '../../protocol/audit/envelope.ts';
import { ChaperoneError } from '../../protocol/errors.ts';
import { privateDirectory } from '../../protocol/home.ts';
import { LogLocked } from '../../protocol/log/errors.ts';
import { type Log, openLog } from '../../protocol/log/log.ts';
import { generateSignerKey, type NoteSigner, parseSignerKey } from '../../protocol/log/note-keys.ts';
import { readEntries } from '../../protocol/log/reader.ts';
import { BodyKeys } from './body-keys.ts';
import { createPrivate, readPrivate } from './private-file.ts';

const TURN_WAIT_MS = 5_000; // another process needs milliseconds; one that holds the log longer is stuck
const TURN_RETRY_MS = 25; // plus as much again at random, so that two do not keep meeting

export interface EventContext {
  /** UUID of the session that the event belongs to. */
  readonly session?: string;
  /** Fingerprint of the technician's key, once it is known which one the machine took. */
  readonly actor?: string;
}

export class OwnLog {
  readonly directory: string;
  readonly keys: BodyKeys;
  readonly #home: string;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(home: string) {
    this.#home = privateDirectory(home);
    this.directory = join(home, 'audit');
    this.keys = new BodyKeys(home);
  }

  /** Resolves when the event is durable; rejects when it cannot be written, and then the step must not be taken. */
  append<T extends EventType>(type: T, fields: EventFields<T>, context: EventContext = {}): Promise<void> {
    const turn = this.#turn.then(async () => {
      await using log = await this.#open();
      const lastTime = await timeOfLast(this.directory, log.size);
      const put = <E extends EventType>(
        event: E,
        of: EventFields<E>,
        { session = null, actor = null }: { session?: string | null; actor?: string | null },
      ) => {
        const time = new Date(Math.max(Date.now(), lastTime)).toISOString();
        return log.append(sealLeaf({ seq: log.nextIndex, time, session, actor }, event, of, this.keys.of(session)));
      };
      if (log.recovered !== null) {
        const { cutEntries, cutFiles, completedEntries, journaledEntries } = log.recovered;
        const keptEntries = completedEntries + journaledEntries;
        await put('log.recovered', { cutEntries, keptEntries, cutFiles: cutFiles.slice(0, 100) }, {});
      }
      await put(type, fields, context);
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** What others verify this log with. */
  get verifierKey(): string {
    return this.#signer().verifier.key;
  }

  async #open(): Promise<Log> {
    const signer = this.#signer();
    const until = Date.now() + TURN_WAIT_MS;
    for (;;) {
      try {
        return await openLog(this.directory, signer, { origin: signer.name });
      } catch (error) {
        if (!(error instanceof LogLocked) || Date.now() > until) {
          throw error;
        }
      }
      await new Promise((resolve) => setTimeout(resolve, TURN_RETRY_MS * (1 + Math.random())));
    }
  }

  #signer(): NoteSigner {
    const file = join(this.#home, 'log.key');
    const text = readPrivate(file);
    if (text !== null) {
      return parseSignerKey(text);
    }
    if (readPrivate(join(this.directory, 'checkpoint')) !== null) {
      throw new ChaperoneError(`the key of your log is missing: ${file}`, {
        hint: `restore it; without it put ${this.directory} aside, and a new log begins`,
      });
    }
    createPrivate(file, generateSignerKey(`chaperone/technician/${randomBytes(4).toString('hex')}`).signerKey);
    return parseSignerKey(readPrivate(file) ?? '');
  }
}

async function timeOfLast(directory: string, size: number): Promise<number> {
  for await (const entry of readEntries(directory, Math.max(0, size - 1), size)) {
    return Date.parse(readHeader(entry).time);
  }
  return 0;
}
