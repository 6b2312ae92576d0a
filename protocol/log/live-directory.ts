// Finding tiles in a directory that a writer may be changing: partial tiles come and go, full ones stay.
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';
import { MAX_BUNDLE } from './entry-bundles.ts';
import { LogProofError } from './errors.ts';
import { hasCode, type LogFileSystem, nodeFileSystem } from './file-system.ts';
import { CHECKPOINT } from './layout.ts';
import { MAX_NOTE } from './note.ts';
import { leavesPerHash, TILE_WIDTH, type TileName, tilePath } from './tiles.ts';

// A writer replaces a partial tile once per commit; losing the race so often in a row is no race.
const MAX_TRIES = 50;

/** Bytes of a tile or bundle, and how much of it they hold. */
export interface TileBytes {
  readonly path: string;
  readonly width: number;
  readonly bytes: Uint8Array;
}

export class LiveDirectory {
  readonly #directory: string;
  readonly #fileSystem: LogFileSystem;
  #checkpoint: Checkpoint | null = null;

  constructor(directory: string, fileSystem: LogFileSystem = nodeFileSystem) {
    this.#directory = directory;
    this.#fileSystem = fileSystem;
  }

  /**
   * Read the checkpoint in place, its signature unchecked; null when there is none.
   * @throws LogFormatError
   */
  async refresh(): Promise<Checkpoint | null> {
    const bytes = await this.#read(CHECKPOINT, MAX_NOTE);
    this.#checkpoint = bytes === null ? null : parseCheckpoint(bytes);
    return this.#checkpoint;
  }

  /**
   * Read the tile with at least its first `need` hashes (or entries), at the size that the log has now.
   * @throws LogProofError when the log does not reach so far, or has lost the file
   */
  async tile(level: TileName['level'], index: number, need: number): Promise<TileBytes> {
    if (this.#checkpoint === null) await this.refresh();
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const size = this.#checkpoint?.size ?? 0;
      const width = Math.min(TILE_WIDTH, Math.floor(size / leavesPerHash(level)) - index * TILE_WIDTH);
      const path = tilePath({ level, index, width });
      if (width < need) throw new LogProofError(`log of ${size} entries does not reach to ${path}`);
      const found = await this.#read(path, MAX_BUNDLE);
      if (found !== null) return { path, width, bytes: found };
      if ((await this.refresh())?.size === size) throw new LogProofError(`log ${this.#directory} has lost ${path}`);
    }
    throw new LogProofError(`log ${this.#directory} changes faster than it can be read`);
  }

  async #read(path: string, limit: number): Promise<Uint8Array | null> {
    try {
      return await this.#fileSystem.readFile(`${this.#directory}/${path}`, limit);
    } catch (error) {
      if (hasCode(error, 'ENOENT', 'ENOTDIR')) return null;
      throw error;
    }
  }
}
