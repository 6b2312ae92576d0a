// The lowest level of a verification: bundles against their tile, entries against the caller's rules.
import { scanBundle } from './entry-bundles.ts';
import type { Findings } from './findings.ts';
import { leafHash, sameBytes } from './hashing.ts';
import type { LogSnapshot } from './snapshot.ts';
import { TILE_WIDTH, tilePath } from './tiles.ts';

/** The caller's own rule: a reason to refuse the entry, or null. */
export type CheckEntry = (entry: Uint8Array, index: number) => string | null;

/** Leaf hashes of one bundle; null for entries that are lost. */
export type LeafHashes = (Uint8Array | null)[];

/**
 * Read a bundle and hash its entries.
 * @param stored hashes of the level 0 tile, to tell which entries of a damaged bundle are still whole
 */
export async function hashBundle(
  snapshot: LogSnapshot,
  index: number,
  stored: readonly Uint8Array[] | null,
  findings: Findings,
  checkEntry: CheckEntry | undefined,
): Promise<LeafHashes> {
  const { path, width, ...content } = await snapshot.tile('entries', index);
  const first = index * TILE_WIDTH;
  if (content.bytes === null) {
    const kind = content.why === 'missing' ? 'bundle-missing' : 'bundle-damaged';
    findings.add(kind, `${path} ${content.message}`, { file: path, index: first });
    return Array<null>(width).fill(null);
  }
  const { entries, complete } = scanBundle(content.bytes);
  const whole = complete && entries.length === width;
  const hashes: LeafHashes = Array.from({ length: width }, (_, i) => {
    const entry = entries[i];
    if (entry === undefined) return null;
    const hash = leafHash(entry);
    // One wrong length shifts all that follows: only what the tile confirms counts as an entry.
    if (!whole && stored !== null && !sameBytes(hash, stored[i] as Uint8Array)) return null;
    const reason = checkEntry?.(entry, first + i) ?? null;
    if (reason !== null) findings.add('entry-rule', reason, { file: path, index: first + i });
    return hash;
  });
  if (!whole) {
    const lost = hashes.indexOf(null);
    const where = lost < 0 ? 'after its last entry' : `at entry ${first + lost}`;
    const message = `${path} is damaged ${where}: it should hold ${width} entries`;
    findings.add('bundle-damaged', message, { file: path, index: first + Math.max(0, lost) });
  }
  return hashes;
}

/** Entries that do not match their tile, kept until the end: only then it shows which have changed places. */
export class AlteredEntries {
  readonly #altered: { index: number; computed: string; stored: string }[] = [];

  add(index: number, computed: Uint8Array, stored: Uint8Array): void {
    this.#altered.push({ index, computed: hex(computed), stored: hex(stored) });
  }

  report(findings: Findings, size: number): void {
    const belongsAt = new Map(this.#altered.map(({ index, stored }) => [stored, index]));
    for (const { index, computed } of this.#altered) {
      const bundle = Math.floor(index / TILE_WIDTH);
      const width = Math.min(TILE_WIDTH, size - bundle * TILE_WIDTH);
      const place = { file: tilePath({ level: 'entries', index: bundle, width }), index };
      const home = belongsAt.get(computed);
      if (home === undefined) findings.add('entry-altered', `entry ${index} in ${place.file} was changed`, place);
      else findings.add('entry-reordered', `entry ${home} stands in the place of entry ${index}`, place);
    }
  }
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
