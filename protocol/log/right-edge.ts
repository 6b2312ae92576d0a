// What a growing log keeps in memory: the unfinished tiles and bundle at its right edge, and nothing else.
import { dirname } from 'node:path/posix';
import { CompactRange, rootOf } from './compact-range.ts';
import { encodeEntry } from './entry-bundles.ts';
import { leafHash } from './hashing.ts';
import { edgeTile, encodeTile, TILE_WIDTH, type TileName, tilePath } from './tiles.ts';

/** A file that a commit must write. */
export interface NewFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** What a batch of entries does to the directory. */
export interface Growth {
  readonly files: readonly NewFile[];
  /** Partial tiles and bundles that the new files replace; to be removed once the new checkpoint is in place. */
  readonly outdated: readonly TileName[];
  /** Folders in which these were the last, because the full tile stands beside them now. */
  readonly emptied: readonly string[];
}

const folderOf = (name: TileName): string => dirname(tilePath(name));

export class RightEdge {
  readonly #tree: CompactRange;
  /** `#tiles[L]`: hashes of the unfinished tile of level L, at most 255. */
  readonly #tiles: Uint8Array[][];
  /** Encoded entries of the unfinished bundle. */
  #bundle: Uint8Array[];

  /**
   * @param tiles hashes of the unfinished tile of each level
   * @param entries entries of the unfinished bundle, as many as `tiles[0]` has hashes
   */
  constructor(tiles: readonly (readonly Uint8Array[])[] = [], entries: readonly Uint8Array[] = []) {
    this.#tiles = tiles.map((hashes) => [...hashes]);
    this.#tree = CompactRange.fromEdge(tiles);
    this.#bundle = entries.map(encodeEntry);
  }

  get size(): number {
    return this.#tree.size;
  }

  root(): Uint8Array {
    return this.#tree.root();
  }

  /** Add entries and say which files now have to be written. */
  append(entries: readonly Uint8Array[]): Growth {
    const before = this.#partials();
    const files: NewFile[] = [];
    for (const entry of entries) this.#add(entry, files);
    const after = this.#partials();
    const existed = new Set(before.map(tilePath));
    for (const name of after) {
      if (!existed.has(tilePath(name))) files.push({ path: tilePath(name), bytes: this.#bytesOf(name.level) });
    }
    const stays = new Set(after.map(tilePath));
    const outdated = before.filter((name) => !stays.has(tilePath(name)));
    const inUse = new Set(after.map(folderOf));
    return { files, outdated, emptied: outdated.map(folderOf).filter((folder) => !inUse.has(folder)) };
  }

  #add(entry: Uint8Array, files: NewFile[]): void {
    this.#bundle.push(encodeEntry(entry));
    if (this.#bundle.length === TILE_WIDTH) {
      const index = Math.floor(this.#tree.size / TILE_WIDTH);
      files.push({ path: tilePath({ level: 'entries', index, width: TILE_WIDTH }), bytes: this.#bytesOf('entries') });
      this.#bundle = [];
    }
    let hash = leafHash(entry);
    this.#tree.append(hash);
    for (let level = 0; ; level += 1) {
      const tile = this.#tiles[level] ?? [];
      this.#tiles[level] = tile;
      tile.push(hash);
      if (tile.length < TILE_WIDTH) return;
      const index = edgeTile(level, this.#tree.size).index - 1;
      files.push({ path: tilePath({ level, index, width: TILE_WIDTH }), bytes: encodeTile(tile) });
      hash = rootOf(tile);
      this.#tiles[level] = [];
    }
  }

  #partials(): TileName[] {
    const names: TileName[] = [];
    if (this.#bundle.length > 0) names.push({ level: 'entries', ...edgeTile(0, this.size) });
    this.#tiles.forEach((tile, level) => {
      if (tile.length > 0) names.push({ level, ...edgeTile(level, this.size) });
    });
    return names;
  }

  #bytesOf(level: TileName['level']): Uint8Array {
    return level === 'entries' ? Buffer.concat(this.#bundle) : encodeTile(this.#tiles[level] ?? []);
  }
}
