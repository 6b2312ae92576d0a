// One state of a log, held still for verification while a writer may go on: its checkpoint and the files under it.
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';
import { MAX_BUNDLE } from './entry-bundles.ts';
import { LogFormatError } from './errors.ts';
import { hasCode, type LogFileSystem } from './file-system.ts';
import { readJournal } from './journal.ts';
import { CHECKPOINT, placeOf, walkFiles } from './layout.ts';
import { MAX_NOTE } from './note.ts';
import { edgeTile, TILE_WIDTH, type TileName, tileLevels, tilePath } from './tiles.ts';

// A writer replaces partial tiles once per commit; losing the race so often in a row is no race.
const MAX_TRIES = 50;

/** Bytes of one file, or why there are none. */
export type FileContent =
  | { readonly bytes: Uint8Array }
  | { readonly bytes: null; readonly why: 'missing' | 'unreadable'; readonly message: string };

const MISSING: FileContent = { bytes: null, why: 'missing', message: 'is missing' };

export class LogSnapshot {
  readonly #fileSystem: LogFileSystem;
  readonly #directory: string;
  readonly #edge: ReadonlyMap<string, FileContent>;
  /** The checkpoint file as it was read. */
  readonly checkpointFile: FileContent;
  /** Null when it is missing or malformed. */
  readonly checkpoint: Checkpoint | null;
  /** Entries under the checkpoint; without one, as many as the names of the bundles promise. */
  readonly size: number;

  private constructor(
    fileSystem: LogFileSystem,
    directory: string,
    checkpointFile: FileContent,
    checkpoint: Checkpoint | null,
    size: number,
    edge: ReadonlyMap<string, FileContent>,
  ) {
    this.#fileSystem = fileSystem;
    this.#directory = directory;
    this.checkpointFile = checkpointFile;
    this.checkpoint = checkpoint;
    this.size = size;
    this.#edge = edge;
  }

  /** Read the checkpoint and, at once, the partial files under it: those are what a writer takes away. */
  static async take(fileSystem: LogFileSystem, directory: string): Promise<LogSnapshot> {
    for (let tries = 1; ; tries += 1) {
      const file = await read(fileSystem, `${directory}/${CHECKPOINT}`, MAX_NOTE);
      const checkpoint = parseOrNull(file);
      const size = checkpoint?.size ?? (await promisedSize(fileSystem, directory));
      const edge = new Map<string, FileContent>();
      for (const name of edgeNames(size)) edge.set(tilePath(name), await read(fileSystem, join(directory, name)));
      const complete = [...edge.values()].every((content) => content.bytes !== null);
      const again = complete ? file : await read(fileSystem, `${directory}/${CHECKPOINT}`, MAX_NOTE);
      const still = again.bytes !== null && file.bytes !== null && Buffer.compare(again.bytes, file.bytes) === 0;
      if (complete || still || tries >= MAX_TRIES || (again.bytes === null && file.bytes === null)) {
        return new LogSnapshot(fileSystem, directory, file, checkpoint, size, edge);
      }
    }
  }

  /** The tile or bundle number `index` of a level, as wide as it is at this size. */
  async tile(level: TileName['level'], index: number): Promise<FileContent & { path: string; width: number }> {
    const edge = edgeTile(level, this.size);
    const width = index === edge.index ? edge.width : TILE_WIDTH;
    const name = { level, index, width };
    const path = tilePath(name);
    const content = this.#edge.get(path) ?? (await read(this.#fileSystem, join(this.#directory, name)));
    return { ...content, path, width };
  }

  /** Any other file of the log. */
  file(path: string): Promise<FileContent> {
    return read(this.#fileSystem, `${this.#directory}/${path}`);
  }

  /** The size that the log has grown to meanwhile; never less than this snapshot's. */
  async sizeNow(): Promise<number> {
    const checkpoint = parseOrNull(await read(this.#fileSystem, `${this.#directory}/${CHECKPOINT}`, MAX_NOTE));
    return checkpoint?.origin === this.checkpoint?.origin ? Math.max(this.size, checkpoint?.size ?? 0) : this.size;
  }

  /** How many entries stand in the journal, safe, and under no checkpoint yet. */
  async journaled(): Promise<number> {
    try {
      return (await readJournal(this.#fileSystem, this.#directory, await this.sizeNow())).length;
    } catch {
      return 0; // it is no evidence: what cannot be read is not counted
    }
  }

  /** All files and how they stand to this snapshot. */
  async *files() {
    for await (const { path, tile } of walkFiles(this.#fileSystem, this.#directory)) {
      yield { path, tile, place: tile === null ? ('nowhere' as const) : placeOf(tile, this.size) };
    }
  }
}

const join = (directory: string, name: TileName): string => `${directory}/${tilePath(name)}`;

async function read(fileSystem: LogFileSystem, path: string, limit = MAX_BUNDLE): Promise<FileContent> {
  try {
    return { bytes: await fileSystem.readFile(path, limit) };
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return MISSING;
    if (!(error instanceof Error)) throw error;
    return { bytes: null, why: 'unreadable', message: `cannot be read: ${error.message}` };
  }
}

function parseOrNull(file: FileContent): Checkpoint | null {
  if (file.bytes === null) return null;
  try {
    return parseCheckpoint(file.bytes);
  } catch (error) {
    if (error instanceof LogFormatError) return null;
    throw error;
  }
}

function edgeNames(size: number): TileName[] {
  const names: TileName[] = [];
  for (let level = 0; level < tileLevels(size); level += 1) {
    const edge = edgeTile(level, size);
    if (edge.width > 0) names.push({ level, ...edge });
    if (edge.width > 0 && level === 0) names.push({ level: 'entries', ...edge });
  }
  return names;
}

async function promisedSize(fileSystem: LogFileSystem, directory: string): Promise<number> {
  let size = 0;
  for await (const { tile } of walkFiles(fileSystem, directory)) {
    if (tile?.level === 'entries') size = Math.max(size, tile.index * TILE_WIDTH + tile.width);
  }
  return Math.min(size, Number.MAX_SAFE_INTEGER);
}
