// The journal in front of the log: an entry is safe after one write and one sync, before tiles and checkpoint follow.
// It only grows, is read once when the log opens, and is begun anew when all of it stands under a checkpoint.
import { createHash } from 'node:crypto';
import { MAX_ENTRY } from './entry-bundles.ts';
import { LogFailed } from './errors.ts';
import { hasCode, type LogFile, type LogFileSystem, writeAll } from './file-system.ts';
import { JOURNAL } from './layout.ts';

/** A journal of this size is begun anew, in bytes: reading it back takes a moment, not a minute. */
const JOURNAL_TURN = 4 * 1024 * 1024;
const JOURNAL_MAX = JOURNAL_TURN + 1024 * (MAX_ENTRY + 64); // one more group may have been on its way

const INDEX_AT = 2; // a record: length of the entry (2 bytes), its index (8), checksum (16), the entry
const CHECKSUM_AT = 10;
const CHECKSUM_SIZE = 16; // bytes of SHA-256: against torn writes; who can write here could also sign
const HEAD_SIZE = CHECKSUM_AT + CHECKSUM_SIZE;

export interface JournalRecord {
  readonly index: number;
  readonly entry: Uint8Array;
}

/** One record as it stands in the file. */
export function encodeRecord({ index, entry }: JournalRecord): Buffer {
  const head = Buffer.alloc(HEAD_SIZE);
  head.writeUInt16BE(entry.length);
  head.writeBigUInt64BE(BigInt(index), INDEX_AT);
  checksum(head, entry).copy(head, CHECKSUM_AT);
  return Buffer.concat([head, entry]);
}

/** The records from the beginning to the first one that is torn. */
export function decodeRecords(bytes: Buffer): JournalRecord[] {
  const records: JournalRecord[] = [];
  for (let offset = 0; offset + HEAD_SIZE <= bytes.length; ) {
    const head = bytes.subarray(offset, offset + HEAD_SIZE);
    const end = offset + HEAD_SIZE + head.readUInt16BE();
    const entry = bytes.subarray(offset + HEAD_SIZE, end);
    if (end > bytes.length || !checksum(head, entry).equals(head.subarray(CHECKSUM_AT))) break;
    records.push({ index: Number(head.readBigUInt64BE(INDEX_AT)), entry });
    offset = end;
  }
  return records;
}

function checksum(head: Buffer, entry: Uint8Array): Buffer {
  const hash = createHash('sha256').update(head.subarray(0, CHECKSUM_AT)).update(entry);
  return hash.digest().subarray(0, CHECKSUM_SIZE);
}

/** What a writer that was stopped had made safe beyond the checkpoint of `size`, in order and without a gap. */
export async function readJournal(fileSystem: LogFileSystem, directory: string, size: number): Promise<Uint8Array[]> {
  const entries: Uint8Array[] = [];
  for (const { index, entry } of decodeRecords(await readIfThere(fileSystem, `${directory}/${JOURNAL}`))) {
    if (index === size + entries.length) entries.push(entry);
  }
  return entries;
}

async function readIfThere(fileSystem: LogFileSystem, path: string): Promise<Buffer> {
  try {
    return Buffer.from(await fileSystem.readFile(path, JOURNAL_MAX));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return Buffer.alloc(0);
    throw error;
  }
}

export class Journal {
  readonly #fileSystem: LogFileSystem;
  readonly #directory: string;
  #file: LogFile | null = null;
  #length = 0;

  constructor(fileSystem: LogFileSystem, directory: string) {
    this.#fileSystem = fileSystem;
    this.#directory = directory;
  }

  /** Whether it should be begun anew as soon as all of it stands under a checkpoint. */
  get isLong(): boolean {
    return this.#length >= JOURNAL_TURN;
  }

  /** Begin an empty one; what the one before held must be under a checkpoint. */
  async begin(): Promise<void> {
    await this.close();
    const path = `${this.#directory}/${JOURNAL}`;
    await this.#fileSystem.remove(path).catch((error: unknown) => {
      if (!hasCode(error, 'ENOENT')) throw error;
    });
    this.#file = await this.#fileSystem.create(path);
    this.#length = 0;
    await this.#fileSystem.syncDirectory(this.#directory);
  }

  /** Returns when the records would survive a power cut. */
  async append(records: readonly JournalRecord[]): Promise<void> {
    const file = this.#file;
    if (file === null) throw new LogFailed(`journal of ${this.#directory} is closed`);
    const bytes = Buffer.concat(records.map(encodeRecord));
    await writeAll(file, bytes, `${this.#directory}/${JOURNAL}`);
    this.#length += bytes.length;
    await file.sync();
  }

  /** All of it stands under a checkpoint and nothing more comes: nothing is left of it. */
  async finish(): Promise<void> {
    await this.close();
    await this.#fileSystem.remove(`${this.#directory}/${JOURNAL}`);
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.close();
  }
}
