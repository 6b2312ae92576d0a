// Making inclusion and consistency proofs from any source of complete subtrees (RFC 6962 sections 2.1.1 and 2.1.2).

import { foldRight } from './compact-range.ts';
import { LogProofError } from './errors.ts';

/** Root of the complete subtree number `index` among those of `2^level` leaves. */
export type ReadNode = (level: number, index: number) => Promise<Uint8Array> | Uint8Array;

/** Root over the leaves `[from, to)` where `from` is a multiple of the subtree's size, as RFC 6962 splits it. */
export async function rangeRoot(from: number, to: number, readNode: ReadNode): Promise<Uint8Array> {
  const subtrees: Uint8Array[] = [];
  let start = from;
  while (start < to) {
    let level = 0;
    let width = 1;
    while (width * 2 <= to - start) {
      width *= 2;
      level += 1;
    }
    subtrees.push(await readNode(level, start / width));
    start += width;
  }
  return foldRight(subtrees);
}

/** The largest power of two smaller than n (n ≥ 2). */
function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** Proof that leaf `index` is in the tree of `size` leaves, lowest sibling first. */
export async function buildInclusion(index: number, size: number, readNode: ReadNode): Promise<Uint8Array[]> {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) {
    throw new LogProofError(`leaf ${index} is outside a tree of ${size}`);
  }
  const proof: Uint8Array[] = [];
  let from = 0;
  let to = size;
  while (to - from > 1) {
    const middle = from + split(to - from);
    if (index < middle) {
      proof.push(await rangeRoot(middle, to, readNode));
      to = middle;
    } else {
      proof.push(await rangeRoot(from, middle, readNode));
      from = middle;
    }
  }
  return proof.reverse();
}

/** Proof that the tree of `size2` leaves begins with the tree of `size1` leaves. */
export async function buildConsistency(size1: number, size2: number, readNode: ReadNode): Promise<Uint8Array[]> {
  if (!Number.isSafeInteger(size1) || !Number.isSafeInteger(size2) || size1 < 0 || size1 > size2) {
    throw new LogProofError(`no consistency proof leads from size ${size1} to ${size2}`);
  }
  if (size1 === 0 || size1 === size2) return [];
  const proof: Uint8Array[] = [];
  let from = 0;
  let to = size2;
  while (to !== size1) {
    const middle = from + split(to - from);
    if (size1 <= middle) {
      proof.push(await rangeRoot(middle, to, readNode));
      to = middle;
    } else {
      proof.push(await rangeRoot(from, middle, readNode));
      from = middle;
    }
  }
  // The subtree that both share is left out when it is the whole old tree: its root is known.
  if (from > 0) proof.push(await rangeRoot(from, to, readNode));
  return proof.reverse();
}
