// What lies where in a log's directory, and how to walk through it.
import { hasCode, type LogFileSystem } from './file-system.ts';
import { leavesPerHash, parseTilePath, TILE_WIDTH, type TileName } from './tiles.ts';

export const CHECKPOINT = 'checkpoint';
/** A signed checkpoint on its way; renamed to `checkpoint` when it is on disk. */
export const PENDING_CHECKPOINT = '.checkpoint.pending';
/** Entries that are safe before tiles and checkpoint follow (journal.ts). */
export const JOURNAL = '.journal';
/** Lock files are named after the process that writes (lock.ts). */
export const LOCK_PREFIX = '.lock-';
export const TILES = 'tile';

/** Deepest honest path: tile / level / six index groups, the last one with a partial width below it. */
const MAX_DEPTH = 9;

/** A file found below the log's directory. */
export interface FoundFile {
  /** Below the log's directory, with `/` as separator. */
  readonly path: string;
  /** What its name says it is; null for a name that has no place in a log. */
  readonly tile: TileName | null;
}

/** Every file below the log's directory except checkpoints, locks and the journal, folder by folder, so that memory stays bounded. */
export async function* walkFiles(fileSystem: LogFileSystem, directory: string): AsyncGenerator<FoundFile> {
  for (const { name, kind } of await listSorted(fileSystem, directory)) {
    if (name === TILES && kind === 'directory') yield* walkBelow(fileSystem, directory, TILES, 1);
    else if (!isOwnFile(name) || kind !== 'file') yield { path: name, tile: null };
  }
}

const isOwnFile = (name: string): boolean =>
  name === CHECKPOINT || name === PENDING_CHECKPOINT || name === JOURNAL || name.startsWith(LOCK_PREFIX);

async function* walkBelow(
  fileSystem: LogFileSystem,
  directory: string,
  folder: string,
  depth: number,
): AsyncGenerator<FoundFile> {
  for (const { name, kind } of await listSorted(fileSystem, `${directory}/${folder}`)) {
    const path = `${folder}/${name}`;
    if (kind !== 'directory') yield { path, tile: kind === 'file' ? tileOf(path) : null };
    else if (depth >= MAX_DEPTH) yield { path, tile: null };
    else yield* walkBelow(fileSystem, directory, path, depth + 1);
  }
}

/** A folder that vanishes while we walk is empty: a live log removes what it no longer needs. */
async function listSorted(fileSystem: LogFileSystem, path: string) {
  try {
    const items = await fileSystem.list(path);
    return items.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

function tileOf(path: string): TileName | null {
  try {
    return parseTilePath(path);
  } catch {
    return null;
  }
}

/** How a tile stands to a tree: a part of it, an older state of a part, or beyond what the tree covers. */
export function placeOf({ level, index, width }: TileName, size: number): 'current' | 'outdated' | 'beyond' {
  const hashes = Math.floor(size / leavesPerHash(level));
  const end = index * TILE_WIDTH + width;
  if (end > hashes) return 'beyond';
  return width === TILE_WIDTH || end === hashes ? 'current' : 'outdated';
}
