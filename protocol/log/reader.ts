// Reading entries and making proofs from a log's directory, also while another process writes it.

import type { Checkpoint } from './checkpoint.ts';
import { rootOf } from './compact-range.ts';
import { parseBundle } from './entry-bundles.ts';
import type { LogFileSystem } from './file-system.ts';
import { LiveDirectory } from './live-directory.ts';
import { buildConsistency, buildInclusion, type ReadNode } from './proof-building.ts';
import { parseTile, TILE_WIDTH } from './tiles.ts';

export interface ReadOptions {
  /** @default the real one */
  readonly fileSystem?: LogFileSystem;
  readonly signal?: AbortSignal;
}

/**
 * The checkpoint in place, its signature unchecked; null when there is no log.
 * @throws LogFormatError when it is malformed
 */
export function readCheckpoint(directory: string, options: ReadOptions = {}): Promise<Checkpoint | null> {
  return new LiveDirectory(directory, options.fileSystem).refresh();
}

/**
 * The entries `[from, to)`, or fewer when the log ends before. Signatures and hashes are not checked: that is the work
 * of `verifyLog`.
 * @throws LogFormatError when a bundle is damaged
 * @throws LogProofError when one is lost
 */
export async function* readEntries(
  directory: string,
  from: number,
  to: number,
  options: ReadOptions = {},
): AsyncGenerator<Uint8Array> {
  const live = new LiveDirectory(directory, options.fileSystem);
  const end = Math.min(to, (await live.refresh())?.size ?? 0);
  for (let next = Math.max(0, from); next < end; ) {
    options.signal?.throwIfAborted();
    const index = Math.floor(next / TILE_WIDTH);
    const last = Math.min(end - index * TILE_WIDTH, TILE_WIDTH);
    const { bytes, width } = await live.tile('entries', index, last);
    const entries = parseBundle(bytes, width).slice(next % TILE_WIDTH, last);
    yield* entries;
    next += entries.length;
  }
}

/**
 * Proof that leaf `index` is in the log's tree of `size` leaves.
 * @throws LogProofError when the log has no such leaf or size
 */
export function proveInclusion(directory: string, index: number, size: number, options: ReadOptions = {}) {
  return buildInclusion(index, size, nodesOf(directory, options));
}

/**
 * Proof that the log's tree of `size2` leaves continues that of `size1`.
 * @throws LogProofError when the log has no such size
 */
export function proveConsistency(directory: string, size1: number, size2: number, options: ReadOptions = {}) {
  return buildConsistency(size1, size2, nodesOf(directory, options));
}

// A tile holds every eighth level of the tree; the levels between are computed from its hashes.
const LEVELS_PER_TILE = 8;

function nodesOf(directory: string, { fileSystem, signal }: ReadOptions): ReadNode {
  const live = new LiveDirectory(directory, fileSystem);
  return async (level, index) => {
    signal?.throwIfAborted();
    const count = 2 ** (level % LEVELS_PER_TILE);
    const start = index * count;
    const tile = Math.floor(start / TILE_WIDTH);
    const offset = start % TILE_WIDTH;
    const { bytes, width } = await live.tile(Math.floor(level / LEVELS_PER_TILE), tile, offset + count);
    return rootOf(parseTile(bytes, width).slice(offset, offset + count));
  };
}
