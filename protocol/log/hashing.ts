// The three hashes of an RFC 6962 Merkle tree; every other file computes trees only through them.
import { hash } from 'node:crypto';

/** Bytes of a SHA-256 hash. */
export const HASH_SIZE = 32;

// RFC 6962 section 2.1: the prefixes keep a leaf from ever passing for an inner node.
const LEAF_PREFIX = Buffer.of(0x00);
const NODE_PREFIX = 0x01;

/** Root of a tree without leaves: SHA-256 of nothing. */
export const EMPTY_ROOT: Uint8Array = hash('sha256', '', 'buffer');

/** Hash of a leaf: SHA-256(0x00 ‖ entry). */
export function leafHash(entry: Uint8Array): Uint8Array {
  return hash('sha256', Buffer.concat([LEAF_PREFIX, entry]), 'buffer');
}

// One buffer for all calls: hashing is synchronous, and a fresh buffer per node costs a third of the time.
const nodeInput = Buffer.alloc(1 + 2 * HASH_SIZE, NODE_PREFIX);

/** Hash of an inner node: SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  nodeInput.set(left, 1);
  nodeInput.set(right, 1 + HASH_SIZE);
  return hash('sha256', nodeInput, 'buffer');
}

/** Whether two hashes (or any two byte strings) are the same; not for secrets. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
