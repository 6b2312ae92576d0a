// Group commit: entries that arrive while the disk is busy travel together, and nobody is told before all is durable.
// First the journal, with one sync, which is what callers wait for; tiles and checkpoint follow a moment later.
import { nextTick } from 'node:process';
import { signCheckpoint } from './checkpoint.ts';
import type { DurableFiles } from './durable-files.ts';
import { MAX_ENTRY } from './entry-bundles.ts';
import { EntryTooLarge, LogFailed } from './errors.ts';
import type { Journal, JournalRecord } from './journal.ts';
import type { LogLock } from './lock.ts';
import type { NoteSigner } from './note-keys.ts';
import type { Recovery } from './recovery.ts';
import type { RightEdge } from './right-edge.ts';

/** Entries in one commit: keeps the longest wait short, and bounds what a crash can leave behind. */
export const MAX_COMMIT = 1024;

/** How long entries may stand in the journal alone, in ms: the steps of a session's beginning share a checkpoint. */
const COMMIT_DELAY_MS = 50;

export interface AppendResult {
  /** Position of the entry in the log, from 0. */
  readonly index: number;
}

interface Waiting extends JournalRecord {
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: LogFailed) => void;
}

export interface LogWriterParts {
  readonly directory: string;
  readonly origin: string;
  readonly signer: NoteSigner;
  readonly files: DurableFiles;
  readonly journal: Journal;
  readonly edge: RightEdge;
  readonly checkpoint: string;
  readonly lock: LogLock;
  readonly recovered: Recovery | null;
  /** @default 50 ms */
  readonly commitDelayMs?: number | undefined;
}

/** Resolves when nothing is left to do in this turn: what is appended until then shares the first write. */
async function sameTurn(): Promise<void> {
  await Promise.resolve();
  await new Promise<void>((resolve) => nextTick(resolve)); // after all promises that go on by themselves
}

/** A log that is open for writing; made by `openLog`. */
export class LogWriter implements AsyncDisposable {
  readonly directory: string;
  readonly origin: string;
  /** What the last crash had left behind, for the record; null when there was nothing to mend. */
  readonly recovered: Recovery | null;
  readonly #parts: LogWriterParts;
  /** Not safe yet. */
  #waiting: Waiting[] = [];
  #journaling: Promise<void> | null = null;
  /** In the journal, and not yet under a checkpoint. */
  #journaled: JournalRecord[] = [];
  #nextIndex: number;
  #size: number;
  #checkpoint: string;
  #committing: Promise<void> | null = null;
  /** Ends the delay before a commit. */
  #hurry: () => void = () => undefined;
  /** Removing the partial files that the last commit replaced. Never rejects. */
  #cleaning: Promise<void> = Promise.resolve();
  #failed: LogFailed | null = null;
  #closed: Promise<void> | null = null;
  readonly #failureListeners = new Set<(error: LogFailed) => void>();

  constructor(parts: LogWriterParts) {
    this.#parts = parts;
    this.directory = parts.directory;
    this.origin = parts.origin;
    this.recovered = parts.recovered;
    this.#checkpoint = parts.checkpoint;
    this.#size = parts.edge.size;
    this.#nextIndex = parts.edge.size;
  }

  /** Before the first append: sign what the journal of the last writer holds, and begin a new one. @throws node:fs errors */
  async begin(journaled: readonly Uint8Array[]): Promise<void> {
    for (let from = 0; from < journaled.length; from += MAX_COMMIT) {
      await this.#commit(journaled.slice(from, from + MAX_COMMIT));
    }
    await this.#cleaning;
    if (this.#failed !== null) throw this.#failed;
    this.#nextIndex = this.#size;
    await this.#parts.journal.begin();
  }

  /** Entries under the signed checkpoint. */
  get size(): number {
    return this.#size;
  }

  /** Text of the latest signed checkpoint: a signed note. */
  get checkpoint(): string {
    return this.#checkpoint;
  }

  /** The index that the next call of `append` will get; for entries that contain their own number. */
  get nextIndex(): number {
    return this.#nextIndex;
  }

  /** Why nothing can be appended any more; null while the log works. */
  get failed(): LogFailed | null {
    return this.#failed;
  }

  /** Be told when writing fails, at once if it already has. Closing the log is no failure. */
  onFailure(listener: (error: LogFailed) => void): Disposable {
    if (this.#failed === null) this.#failureListeners.add(listener);
    else listener(this.#failed);
    return { [Symbol.dispose]: () => void this.#failureListeners.delete(listener) };
  }

  /**
   * Add an entry. The promise resolves when the entry would survive a power cut; a signed checkpoint covers it soon
   * after, at the latest when `flush` resolves. Entries get their places in the order of the calls.
   * @throws EntryTooLarge over 65,535 bytes; the log goes on
   * @throws LogFailed when writing fails, has failed, or the log is closed
   */
  append(entry: Uint8Array): Promise<AppendResult> {
    if (entry.length > MAX_ENTRY) return Promise.reject(new EntryTooLarge(entry.length, MAX_ENTRY));
    if (this.#failed !== null) return Promise.reject(this.#failed);
    if (this.#closed !== null) return Promise.reject(new LogFailed(`log ${this.directory} is closed`));
    const index = this.#nextIndex;
    this.#nextIndex += 1;
    return new Promise((resolve, reject) => {
      // The caller may reuse its buffer; what was given at the call is what is logged.
      this.#waiting.push({ entry: Uint8Array.from(entry), index, resolve, reject });
      this.#journaling ??= this.#journalAll();
    });
  }

  /**
   * Resolves when a signed checkpoint covers all that was appended before.
   * @throws LogFailed
   */
  async flush(): Promise<void> {
    await this.#journaling;
    await this.#commitNow();
    if (this.#failed !== null) throw this.#failed;
  }

  /** Commit what was appended, then let the next writer in. Never rejects. */
  close(): Promise<void> {
    this.#closed ??= (async () => {
      await this.#journaling;
      await this.#commitNow();
      await this.#cleaning;
      await (this.#failed === null ? this.#parts.journal.finish() : this.#parts.journal.close()).catch(() => undefined);
      await this.#parts.lock[Symbol.asyncDispose]();
    })();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Never rejects. */
  async #journalAll(): Promise<void> {
    await sameTurn();
    const { journal } = this.#parts;
    while (this.#waiting.length > 0 && this.#failed === null) {
      let batch: Waiting[] = [];
      try {
        if (journal.isLong) {
          await this.#commitNow();
          // What it holds stands under no checkpoint: without it, it would be nowhere.
          if (this.#failed !== null) throw this.#failed;
          await journal.begin();
        }
        batch = this.#waiting.splice(0, MAX_COMMIT);
        await journal.append(batch);
      } catch (error) {
        this.#hurry();
        await this.#committing;
        await this.#cleaning; // no operation is under way any more when the failure is told
        this.#fail(error, batch);
        break;
      }
      this.#journaled.push(...batch);
      for (const { index, resolve } of batch) resolve({ index });
      this.#committing ??= this.#commitAll();
    }
    this.#journaling = null;
  }

  #commitNow(): Promise<void> {
    this.#hurry();
    return this.#committing ?? Promise.resolve();
  }

  /** Never rejects. */
  async #commitAll(): Promise<void> {
    await this.#delay();
    while (this.#journaled.length > 0 && this.#failed === null) {
      try {
        await this.#commit(this.#journaled.splice(0, MAX_COMMIT).map(({ entry }) => entry));
      } catch (error) {
        await this.#cleaning;
        this.#fail(error, []);
      }
    }
    this.#committing = null;
  }

  #delay(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, this.#parts.commitDelayMs ?? COMMIT_DELAY_MS);
    this.#hurry = () => {
      clearTimeout(timer);
      resolve();
    };
    return promise;
  }

  async #commit(entries: readonly Uint8Array[]): Promise<void> {
    const { edge, files, signer } = this.#parts;
    const growth = edge.append(entries);
    await files.writeAll(growth.files);
    const checkpoint = signCheckpoint({ origin: this.origin, size: edge.size, root: edge.root() }, signer);
    await files.replaceCheckpoint(checkpoint);
    this.#checkpoint = checkpoint;
    this.#size = edge.size;
    // The entries are safe; the next commit writes other names, so nobody waits for this.
    this.#cleaning = this.#cleaning
      .then(() => files.removeOutdated(growth.outdated, growth.emptied))
      .catch((error: unknown) => this.#fail(error, []));
  }

  /** After a failed write nobody knows what is on disk: only opening again, which looks, can go on. */
  #fail(cause: unknown, batch: readonly Waiting[]): void {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const failure = this.#failed ?? new LogFailed(`log ${this.directory} cannot be written: ${reason}`, cause);
    this.#failed = failure;
    const rejected = [...batch, ...this.#waiting];
    this.#waiting = [];
    for (const { reject } of rejected) reject(failure);
    for (const listener of this.#failureListeners) listener(failure);
    this.#failureListeners.clear();
  }
}
