// What the organisation took back, kept up to date while the daemon runs: lists are read again when their files change,
// believed only when an authority signed them, and never exchanged for older ones.

import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { EventFields } from '../../protocol/audit/catalogue.ts';
import type { RevocationVerdict } from '../../protocol/identity/check-certificate.ts';
import { type RevocationList, sizeOf, whyRevoked } from '../../protocol/identity/revoked.ts';
import { openRevocations, type SignedRevocations } from '../../protocol/identity/signed-revocations.ts';
import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';
import type { Policy } from '../policy/policy.ts';
import { watchFiles } from '../policy/watch-files.ts';
import type { Credential } from './judge-key.ts';
import type { SequenceBook } from './sequence-book.ts';
import { readSigned, signatureOf } from './signed-file.ts';

const SETTLE_MS = 500; // a list and its signature are two files: the second may be a moment late
const LOOK_MS = 2_000; // where the system does not tell of changes: how late a revocation may be noticed
const LINE_MAX = 400; // characters of a path or a problem in the log

/** A list took back what somebody is using. */
export interface Revoked extends RevocationVerdict {
  readonly file: string;
  /** When the list's file changed, ms since 1970. */
  readonly changedAt: number;
}

export interface RevocationsOptions {
  /** Authorities and files, as the policy in force names them. */
  readonly organisation: () => Pick<Policy['organisation'], 'cas' | 'revocations'>;
  readonly log: {
    append<T extends 'revocations.loaded' | 'revocations.refused'>(type: T, fields: EventFields<T>): Promise<unknown>;
  };
  readonly logger: Pick<Logger, 'warn' | 'info'>;
  /** Remembers the highest sequence of each list over restarts. */
  readonly sequences: SequenceBook;
}

interface Held {
  /** Null until a list was believed: then certificates are refused (promise 10). */
  readonly list: RevocationList | null;
  readonly changedAt: number;
  /** Why the file as it is now is not believed; null when it is. */
  readonly problem: string | null;
}

const NOT_READ: Held = { list: null, changedAt: 0, problem: null };

interface OpenedList extends SignedRevocations {
  readonly changedAt: number;
}

interface Watcher {
  readonly credential: Credential;
  readonly onRevoked: (revoked: Revoked) => void;
}

export class Revocations implements Disposable {
  readonly #options: RevocationsOptions;
  readonly #held = new Map<string, Held>();
  readonly #files: Disposable;
  readonly #watchers = new Set<Watcher>();
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(options: RevocationsOptions) {
    this.#options = options;
    this.#files = watchFiles({
      files: () => options.organisation().revocations.flatMap((file) => [file, signatureOf(file)]),
      onChange: () => this.#inTurn(() => this.#readAll(true)),
      lookEveryMs: LOOK_MS,
    });
  }

  /** Reads every list that the policy names. A list that cannot be believed is a problem, not an exception. */
  static async open(options: RevocationsOptions): Promise<Revocations> {
    const revocations = new Revocations(options);
    await revocations.reload();
    return revocations;
  }

  /** One sentence per list that is not as it should be. */
  get problems(): string[] {
    return [...this.#held].flatMap(([file, { list, problem }]) =>
      problem === null
        ? []
        : [
            `${file}: ${problem}; ${list === null ? 'until it is mended no certificate is taken' : 'the former list stays'}`,
          ],
    );
  }

  /** Whether a list takes the credential back, or cannot say. */
  verdict(credential: Credential): Revoked | null {
    let unknown: Revoked | null = null;
    for (const file of this.#options.organisation().revocations) {
      const { list, changedAt, problem } = this.#held.get(file) ?? NOT_READ;
      if (list === null) {
        unknown ??= { reason: 'revocations-unknown', detail: `${file}: ${problem ?? 'not read yet'}`, file, changedAt };
        continue;
      }
      const why = whyRevoked(list, credential.key, credential.certificate);
      if (why !== null) return { reason: 'revoked', detail: `${why} (${file})`, file, changedAt };
    }
    return unknown;
  }

  /** Calls `onRevoked` once when a list takes back what is in use, until disposed of. */
  watch(credential: Credential, onRevoked: (revoked: Revoked) => void): Disposable {
    const watcher = { credential, onRevoked };
    this.#watchers.add(watcher);
    return { [Symbol.dispose]: () => void this.#watchers.delete(watcher) };
  }

  /** Reads all lists again, those that the policy in force names. */
  reload(): Promise<void> {
    return this.#inTurn(() => this.#readAll(false));
  }

  [Symbol.dispose](): void {
    this.#files[Symbol.dispose]();
    this.#watchers.clear();
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #readAll(isPatient: boolean): Promise<void> {
    const { revocations } = this.#options.organisation();
    for (const file of this.#held.keys()) {
      if (!revocations.includes(file)) this.#held.delete(file);
    }
    for (const file of revocations) {
      const former = this.#held.get(file) ?? NOT_READ;
      this.#held.set(file, former);
      let read = await this.#open(file);
      if (typeof read === 'string' && read !== former.problem && isPatient) {
        await delay(SETTLE_MS, undefined, { ref: false });
        read = await this.#open(file);
      }
      await (typeof read === 'string' ? this.#refuse(file, former, read) : this.#take(file, former, read));
    }
  }

  /** The list, or why it is not believed. */
  async #open(file: string): Promise<OpenedList | string> {
    try {
      const signed = await readSigned(file);
      const opened = openRevocations(signed.bytes, signed.signature, this.#options.organisation().cas);
      const old = this.#options.sequences.older(file, opened.list);
      return old ?? { ...opened, changedAt: signed.changedAt };
    } catch (error) {
      return sanitiseLine(error instanceof Error ? error.message : 'it cannot be read', LINE_MAX);
    }
  }

  async #refuse(file: string, former: Held, problem: string): Promise<void> {
    if (former.problem === problem) return;
    this.#held.set(file, { ...former, problem });
    const kept = former.list !== null;
    this.#options.logger.warn({ file, problem, kept }, 'a revocation list is refused');
    await this.#options.log
      .append('revocations.refused', { file: file.slice(0, LINE_MAX), problem, kept })
      .catch(() => undefined);
  }

  async #take(file: string, former: Held, { list, signer, changedAt }: OpenedList): Promise<void> {
    const isNew = former.list === null || former.list.sequence !== list.sequence || former.list.issued !== list.issued;
    this.#held.set(file, { list, changedAt, problem: null });
    for (const watcher of [...this.#watchers]) {
      const revoked = this.verdict(watcher.credential);
      if (revoked?.reason === 'revoked') {
        this.#watchers.delete(watcher);
        watcher.onRevoked(revoked);
      }
    }
    try {
      this.#options.sequences.keep(file, list);
    } catch (problem) {
      this.#options.logger.warn({ file, problem }, 'the sequence of a revocation list cannot be remembered');
    }
    if (isNew || former.problem !== null) {
      const fields = {
        file: file.slice(0, LINE_MAX),
        sequence: String(list.sequence),
        entries: sizeOf(list),
        signer: signer.fingerprint,
      };
      this.#options.logger.info(fields, 'a revocation list took effect');
      await this.#options.log.append('revocations.loaded', fields).catch(() => undefined);
    }
  }
}
