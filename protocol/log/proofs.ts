// Checking inclusion and consistency proofs: what anyone needs who holds a checkpoint and trusts nobody.
// The walk is the one of RFC 9162, sections 2.1.3.2 and 2.1.4.2; the trees are those of RFC 6962.
import { LogProofError } from './errors.ts';
import { EMPTY_ROOT, HASH_SIZE, nodeHash, sameBytes } from './hashing.ts';

/** Hashes in the longest proof: a tree of 2^53 leaves has 53 levels, a consistency proof one more. */
export const MAX_PROOF = 63;

const half = (n: number): number => Math.floor(n / 2);
const isOdd = (n: number): boolean => n % 2 === 1;

function checkSizes(...sizes: readonly number[]): void {
  for (const size of sizes) {
    if (!Number.isSafeInteger(size) || size < 0) throw new LogProofError('proof speaks of an impossible tree size');
  }
}

function checkHashes(proof: readonly Uint8Array[], ...hashes: readonly Uint8Array[]): void {
  if (proof.length > MAX_PROOF) throw new LogProofError('proof is longer than any tree is high');
  for (const hash of [...hashes, ...proof]) {
    if (hash.length !== HASH_SIZE) throw new LogProofError('proof contains a hash of the wrong length');
  }
}

/**
 * Check that the leaf is at `index` in the tree of `size` leaves with this root.
 * @throws LogProofError when it is not proven
 */
export function verifyInclusion(
  index: number,
  size: number,
  leaf: Uint8Array,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): void {
  checkSizes(index, size);
  checkHashes(proof, leaf, root);
  if (index >= size) throw new LogProofError(`leaf ${index} is outside a tree of ${size}`);
  let fn = index;
  let sn = size - 1;
  let hash = leaf;
  for (const sibling of proof) {
    if (sn === 0) throw new LogProofError('inclusion proof is too long');
    if (isOdd(fn) || fn === sn) {
      hash = nodeHash(sibling, hash);
      while (!isOdd(fn) && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    fn = half(fn);
    sn = half(sn);
  }
  if (sn !== 0) throw new LogProofError('inclusion proof is too short');
  if (!sameBytes(hash, root)) throw new LogProofError('inclusion proof leads to another root');
}

/**
 * Check that the tree of `size2` leaves begins with the tree of `size1` leaves: nothing was changed, only added.
 * An empty first tree proves nothing, so it is refused unless both are empty.
 * @throws LogProofError when it is not proven
 */
export function verifyConsistency(
  size1: number,
  size2: number,
  root1: Uint8Array,
  root2: Uint8Array,
  proof: readonly Uint8Array[],
): void {
  checkSizes(size1, size2);
  if (size1 > size2) throw new LogProofError(`a log of ${size1} leaves cannot shrink to ${size2}`);
  if (size1 === size2) {
    if (proof.length > 0) throw new LogProofError('equal sizes need an empty proof');
    if (!sameBytes(root1, root2)) throw new LogProofError(`two roots for the same size ${size1}`);
    if (size1 === 0 && !sameBytes(root1, EMPTY_ROOT)) throw new LogProofError('an empty log has only one root');
    return;
  }
  if (size1 === 0) throw new LogProofError('nothing can be proven against an empty log');
  checkHashes(proof, root1, root2);
  if (proof.length === 0) throw new LogProofError('consistency proof is empty');

  let fn = size1 - 1;
  let sn = size2 - 1;
  while (isOdd(fn)) {
    fn = half(fn);
    sn = half(sn);
  }
  // When the old tree is one complete subtree, its root is the start and is left out of the proof.
  const path = fn === 0 ? [root1, ...proof] : proof;
  let first = path[0] as Uint8Array;
  let second = first;
  for (const sibling of path.slice(1)) {
    if (sn === 0) throw new LogProofError('consistency proof is too long');
    if (isOdd(fn) || fn === sn) {
      first = nodeHash(sibling, first);
      second = nodeHash(sibling, second);
      while (!isOdd(fn) && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else {
      second = nodeHash(second, sibling);
    }
    fn = half(fn);
    sn = half(sn);
  }
  if (sn !== 0) throw new LogProofError('consistency proof is too short');
  if (!sameBytes(first, root1)) throw new LogProofError('consistency proof leads to another old root');
  if (!sameBytes(second, root2)) throw new LogProofError('consistency proof leads to another new root');
}
