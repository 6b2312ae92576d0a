// The smallest state from which a tree can grow: one root per complete subtree, as the bits of its size.
import { EMPTY_ROOT, nodeHash } from './hashing.ts';
import { TILE_WIDTH } from './tiles.ts';

/** A Merkle tree that only grows. Holds at most 53 hashes, whatever its size. */
export class CompactRange {
  #size = 0;
  /** Largest subtree first; their sizes are the powers of two in `#size`. */
  readonly #subtrees: Uint8Array[] = [];

  get size(): number {
    return this.#size;
  }

  /** Add the hash of the next leaf. */
  append(hash: Uint8Array): void {
    let node = hash;
    // Each trailing one bit of the old size is a complete subtree that the new leaf completes further.
    for (let rest = this.#size; rest % 2 === 1; rest = Math.floor(rest / 2)) {
      const left = this.#subtrees.pop();
      if (left === undefined) break;
      node = nodeHash(left, node);
    }
    this.#subtrees.push(node);
    this.#size += 1;
  }

  /** Root of the tree as it is now. */
  root(): Uint8Array {
    return foldRight(this.#subtrees);
  }

  /**
   * The tree of a log, from the hashes of its rightmost tiles alone.
   * @param edge `edge[L]` holds the hashes of the rightmost, incomplete tile of level L (0 to 255 of them).
   */
  static fromEdge(edge: readonly (readonly Uint8Array[])[]): CompactRange {
    const range = new CompactRange();
    for (let level = edge.length - 1; level >= 0; level -= 1) {
      const inner = new CompactRange();
      for (const hash of edge[level] ?? []) inner.append(hash);
      range.#subtrees.push(...inner.#subtrees);
      range.#size = range.#size * TILE_WIDTH + inner.#size;
    }
    return range;
  }
}

/** Root over subtree roots, largest first (RFC 6962: the right side is folded in from the small end). */
export function foldRight(subtrees: readonly Uint8Array[]): Uint8Array {
  let root = subtrees[subtrees.length - 1];
  if (root === undefined) return EMPTY_ROOT;
  for (let i = subtrees.length - 2; i >= 0; i -= 1) root = nodeHash(subtrees[i] as Uint8Array, root);
  return root;
}

/** Root of a tree with exactly these leaf (or tile) hashes. */
export function rootOf(hashes: Iterable<Uint8Array>): Uint8Array {
  const range = new CompactRange();
  for (const hash of hashes) range.append(hash);
  return range.root();
}
