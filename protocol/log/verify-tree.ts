// Rebuilding all levels of tiles from below and saying which file was changed where they disagree.
import { CompactRange } from './compact-range.ts';
import { LogFormatError } from './errors.ts';
import type { Findings } from './findings.ts';
import { sameBytes } from './hashing.ts';
import type { LogSnapshot } from './snapshot.ts';
import { edgeTile, leavesPerHash, parseTile, TILE_WIDTH, tileLevels, tilePath } from './tiles.ts';
import { computedAccount, disputes, judge, type TwoAccounts } from './verify-tile.ts';

/** An unfinished tile at the right edge, judged together with the others at the end. */
interface EdgeTile extends TwoAccounts {
  readonly level: number;
}

/** Told for each leaf that was changed while its tile was not. */
export type OnAltered = (index: number, computed: Uint8Array, stored: Uint8Array) => void;

export class TreeCheck {
  readonly #snapshot: LogSnapshot;
  readonly #findings: Findings;
  readonly #onAltered: OnAltered;
  /** `#below[L]`: roots of level L-1's tiles that wait for their tile of level L to be full. */
  readonly #below: (Uint8Array | null)[][] = [];
  /** The tile of each level that was read last: its hashes are claimed by 256 tiles below it in turn. */
  readonly #read = new Map<number, { index: number; hashes: Uint8Array[] | null }>();

  constructor(snapshot: LogSnapshot, findings: Findings, onAltered: OnAltered) {
    this.#snapshot = snapshot;
    this.#findings = findings;
    this.#onAltered = onAltered;
  }

  /** Hashes that a tile file holds; null, with a finding the first time, when it is lost. */
  async stored(level: number, index: number): Promise<Uint8Array[] | null> {
    const known = this.#read.get(level);
    if (known?.index === index) return known.hashes;
    const { path, width, ...content } = await this.#snapshot.tile(level, index);
    let hashes: Uint8Array[] | null = null;
    const place = { file: path, index: index * TILE_WIDTH * leavesPerHash(level) };
    if (content.bytes === null) {
      this.#findings.add(
        content.why === 'missing' ? 'tile-missing' : 'tile-damaged',
        `${path} ${content.message}`,
        place,
      );
    } else {
      try {
        hashes = parseTile(content.bytes, width);
      } catch (error) {
        if (!(error instanceof LogFormatError)) throw error;
        this.#findings.add('tile-damaged', `${path}: ${error.message}`, place);
      }
    }
    this.#read.set(level, { index, hashes });
    return hashes;
  }

  /** Take the leaf hashes of the next 256 entries; null for entries that are lost. */
  async addFullTile(index: number, computed: readonly (Uint8Array | null)[]): Promise<void> {
    await this.#addFull(0, index, computed);
  }

  async #addFull(level: number, index: number, computed: readonly (Uint8Array | null)[]): Promise<void> {
    const accounts = { computed, stored: await this.stored(level, index) };
    const claims = await this.#claims(level + 1, Math.floor(index / TILE_WIDTH));
    const { root, wrong } = judge(accounts, claims?.[index % TILE_WIDTH] ?? null);
    this.#report(level, index, accounts, wrong);
    const above = this.#below[level + 1] ?? [];
    this.#below[level + 1] = above;
    above.push(root);
    if (above.length < TILE_WIDTH) return;
    this.#below[level + 1] = [];
    await this.#addFull(level + 1, Math.floor(index / TILE_WIDTH), above);
  }

  async #claims(level: number, index: number): Promise<Uint8Array[] | null> {
    return level < tileLevels(this.#snapshot.size) ? this.stored(level, index) : null;
  }

  /**
   * Judge the right edge, all levels at once, by the root that they lead to.
   * @param lastLeaves leaf hashes of the unfinished tile of level 0
   * @param root what the checkpoint says; null when there is no checkpoint
   * @returns the root as far as the tree can be believed; null when too much is lost
   */
  async finish(lastLeaves: readonly (Uint8Array | null)[], root: Uint8Array | null): Promise<Uint8Array | null> {
    const edge: EdgeTile[] = [];
    for (let level = 0; level < tileLevels(this.#snapshot.size); level += 1) {
      const computed = level === 0 ? lastLeaves : (this.#below[level] ?? []);
      const { index, width } = edgeTile(level, this.#snapshot.size);
      edge.push({ level, computed, stored: width === 0 ? [] : await this.stored(level, index) });
    }
    const disputed = edge.filter((tile) => disputes(tile).length > 0);
    // At most one tile per level, so at most 2^7 ways to believe one side or the other.
    for (let choice = 0; choice < 2 ** disputed.length; choice += 1) {
      const believesTile = (tile: EdgeTile) => ((choice >> disputed.indexOf(tile)) & 1) === 1;
      const believed = edge.map((tile) =>
        disputed.includes(tile) && believesTile(tile) ? tile.stored : computedAccount(tile),
      );
      if (!believed.every((hashes) => hashes !== null)) continue;
      const found = CompactRange.fromEdge(believed).root();
      if (root !== null && !sameBytes(found, root)) continue;
      const wrong = root === null ? 'unknown' : null;
      for (const tile of disputed) this.#reportEdge(tile, wrong ?? (believesTile(tile) ? 'computed' : 'stored'));
      return found;
    }
    for (const tile of disputed) this.#reportEdge(tile, 'unknown');
    const accounts = edge.map(computedAccount);
    return accounts.every((hashes) => hashes !== null) ? CompactRange.fromEdge(accounts).root() : null;
  }

  #reportEdge(tile: EdgeTile, wrong: 'stored' | 'computed' | 'unknown'): void {
    this.#report(tile.level, edgeTile(tile.level, this.#snapshot.size).index, tile, wrong);
  }

  #report(
    level: number,
    index: number,
    accounts: TwoAccounts,
    wrong: 'none' | 'stored' | 'computed' | 'unknown',
  ): void {
    if (wrong === 'none') return;
    const edge = edgeTile(level, this.#snapshot.size);
    const file = tilePath({ level, index, width: index === edge.index ? edge.width : TILE_WIDTH });
    const span = leavesPerHash(level);
    for (const position of disputes(accounts)) {
      const first = (index * TILE_WIDTH + position) * span;
      const place = { file, index: first };
      const range = level === 0 ? `entry ${first}` : `entries ${first} to ${first + span - 1}`;
      if (wrong === 'stored') {
        this.#findings.add('tile-altered', `${file} was changed: its hash of ${range} is wrong`, place);
      } else if (wrong === 'unknown') {
        this.#findings.add('entry-disputed', `${range} and ${file} disagree`, place);
      } else if (level > 0) {
        this.#findings.add('entries-altered', `${range} were changed, and the tiles below ${file} with them`, place);
      } else {
        const computed = accounts.computed[position];
        const stored = accounts.stored?.[position];
        if (computed && stored) this.#onAltered(first, computed, stored);
      }
    }
  }
}
