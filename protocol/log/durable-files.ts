// Writing a commit to disk: first everything the new checkpoint speaks of, then the checkpoint, each made durable.
import { dirname } from 'node:path/posix';
import { hasCode, type LogFile, type LogFileSystem, settleAll, writeNew } from './file-system.ts';
import { CHECKPOINT, PENDING_CHECKPOINT } from './layout.ts';
import type { NewFile } from './right-edge.ts';
import { type TileName, tilePath } from './tiles.ts';

export class DurableFiles {
  readonly #fileSystem: LogFileSystem;
  readonly #directory: string;
  /** Folders that this process has made, or seen, and synced into their parents. */
  readonly #durable = new Set<string>(['.']);

  constructor(fileSystem: LogFileSystem, directory: string) {
    this.#fileSystem = fileSystem;
    this.#directory = directory;
  }

  /**
   * Write tiles and bundles; returns when all of them survive a power cut.
   *
   * They go straight to their final names: a name is never written twice, and until a checkpoint covers a file nobody
   * reads it, so a half-written one is only a torn tail. That lets files and folders be synced at the same time.
   */
  async writeAll(files: readonly NewFile[]): Promise<void> {
    const folders = new Set(files.map((file) => dirname(file.path)));
    const toSync = new Set(folders);
    for (const folder of folders) await this.#makeFolder(folder, toSync);
    const opened = await this.#writeEach(files);
    const sync = async (file: LogFile): Promise<void> => {
      try {
        await file.sync();
      } finally {
        await file.close();
      }
    };
    await settleAll([...opened.map(sync), ...[...toSync].map((folder) => this.#syncFolder(folder))]);
    for (let folder of folders) {
      for (; !this.#durable.has(folder); folder = dirname(folder)) this.#durable.add(folder);
    }
  }

  async #writeEach(files: readonly NewFile[]): Promise<LogFile[]> {
    const results = await Promise.allSettled(
      files.map(({ path, bytes }) => writeNew(this.#fileSystem, this.#at(path), bytes)),
    );
    const opened = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const failure = results.find((result) => result.status === 'rejected');
    if (failure === undefined) return opened;
    await Promise.allSettled(opened.map((file) => file.close()));
    throw failure.reason;
  }

  /** Replace the checkpoint: readers see the old one or the new one, before and after a power cut. */
  async replaceCheckpoint(text: string): Promise<void> {
    const file = await writeNew(this.#fileSystem, this.#at(PENDING_CHECKPOINT), Buffer.from(text));
    try {
      await file.sync();
    } finally {
      await file.close();
    }
    await this.#promotePending();
  }

  /** Put a pending checkpoint that was found in place of the present one. It may be in memory only until now. */
  async completePending(): Promise<void> {
    await this.#fileSystem.syncFile(this.#at(PENDING_CHECKPOINT));
    await this.#promotePending();
  }

  /** Make sure that what is found in the log's directory will be found again: its last writer may have been killed. */
  syncDirectory(): Promise<void> {
    return this.#syncFolder('.');
  }

  async #promotePending(): Promise<void> {
    await this.#fileSystem.rename(this.#at(PENDING_CHECKPOINT), this.#at(CHECKPOINT));
    await this.#syncFolder('.');
  }

  /**
   * Remove partial tiles that nobody needs any more.
   * @param folders those of them that are empty then, because their tile is full
   */
  async removeOutdated(names: readonly TileName[], folders: readonly string[]): Promise<void> {
    await settleAll(names.map((name) => ignoring(['ENOENT'], this.#fileSystem.remove(this.#at(tilePath(name))))));
    await settleAll(folders.map((folder) => this.removeEmpty(folder)));
  }

  /** Remove a folder unless something is in it. */
  async removeEmpty(folder: string): Promise<void> {
    this.#durable.delete(folder);
    await ignoring(['ENOTEMPTY', 'EEXIST', 'ENOENT'], this.#fileSystem.removeDirectory(this.#at(folder)));
  }

  async #makeFolder(folder: string, toSync: Set<string>): Promise<void> {
    if (this.#durable.has(folder)) return;
    const parent = dirname(folder);
    await this.#makeFolder(parent, toSync);
    await ignoring(['EEXIST'], this.#fileSystem.makeDirectory(this.#at(folder)));
    toSync.add(parent);
  }

  #syncFolder(folder: string): Promise<void> {
    return this.#fileSystem.syncDirectory(folder === '.' ? this.#directory : this.#at(folder));
  }

  #at(path: string): string {
    return `${this.#directory}/${path}`;
  }
}

async function ignoring(codes: readonly string[], operation: Promise<void>): Promise<void> {
  try {
    await operation;
  } catch (error) {
    if (!hasCode(error, ...codes)) throw error;
  }
}
