// The published proof vectors, good and bad, and our own proofs against them.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CompactRange, rootOf } from './compact-range.ts';
import { LogProofError } from './errors.ts';
import { EMPTY_ROOT, leafHash } from './hashing.ts';
import { buildConsistency, buildInclusion } from './proof-building.ts';
import { verifyConsistency, verifyInclusion } from './proofs.ts';

const FIXTURES = join(import.meta.dirname, '../../test/fixtures/merkle');
const base64 = z.string().transform((text) => new Uint8Array(Buffer.from(text, 'base64')));
const proof = z
  .array(base64)
  .nullable()
  .transform((hashes) => hashes ?? []);
const shared = { proof, desc: z.string(), wantErr: z.boolean() };
const Inclusion = z.object({ ...shared, leafIdx: z.number(), treeSize: z.number(), root: base64, leafHash: base64 });
const Consistency = z.object({ ...shared, size1: z.number(), size2: z.number(), root1: base64, root2: base64 });

function vectors(kind: string): [string, unknown][] {
  return readdirSync(join(FIXTURES, kind), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => [name, JSON.parse(readFileSync(join(FIXTURES, kind, name), 'utf8'))]);
}

describe('published Merkle vectors', () => {
  it('are all there', () => {
    expect([vectors('inclusion').length, vectors('consistency').length]).toEqual([98, 98]);
  });

  it.each(vectors('inclusion'))('inclusion %s', (_name, json) => {
    const v = Inclusion.parse(json);
    const check = () => verifyInclusion(v.leafIdx, v.treeSize, v.leafHash, v.proof, v.root);
    if (v.wantErr) expect(check).toThrow(LogProofError);
    else check();
  });

  it.each(vectors('consistency'))('consistency %s', (_name, json) => {
    const v = Consistency.parse(json);
    const check = () => verifyConsistency(v.size1, v.size2, v.root1, v.root2, v.proof);
    if (v.wantErr) expect(check).toThrow(LogProofError);
    else check();
  });
});

const leaves = Array.from({ length: 600 }, (_, i) => leafHash(Buffer.from(`entry ${i}`)));
const readNode = (level: number, index: number) => rootOf(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level));
const rootAt = (size: number) => rootOf(leaves.slice(0, size));

describe('our own proofs', () => {
  it('prove every leaf of every small tree, and nothing else', async () => {
    for (let size = 1; size <= 40; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const path = await buildInclusion(index, size, readNode);
        verifyInclusion(index, size, leaves[index] as Uint8Array, path, rootAt(size));
        const other = leaves[(index + 1) % size] as Uint8Array;
        if (size > 1) expect(() => verifyInclusion(index, size, other, path, rootAt(size))).toThrow(LogProofError);
      }
    }
  });

  it('prove that any tree continues any earlier one', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 600 }), async (a, b) => {
        const [size1, size2] = a < b ? [a, b] : [b, a];
        const path = await buildConsistency(size1, size2, readNode);
        verifyConsistency(size1, size2, rootAt(size1), rootAt(size2), path);
        const wrong = rootOf([leafHash(Buffer.from('x'))]);
        expect(() => verifyConsistency(size1, size2, wrong, rootAt(size2), path)).toThrow(LogProofError);
      }),
      { numRuns: 60 },
    );
  });

  it('are refused for leaves and sizes that cannot be', async () => {
    await expect(buildInclusion(5, 5, readNode)).rejects.toThrow('outside a tree of 5');
    await expect(buildConsistency(6, 5, readNode)).rejects.toThrow('size 6 to 5');
    expect(() => verifyInclusion(0, Number.NaN, EMPTY_ROOT, [], EMPTY_ROOT)).toThrow('impossible');
    expect(() => verifyInclusion(0, 1, EMPTY_ROOT, Array(64).fill(EMPTY_ROOT), EMPTY_ROOT)).toThrow('longer');
  });
});

/** Section 2.1 of RFC 6962, word by word and slowly: the measure for everything faster. */
function merkleTreeHash(entries: readonly Uint8Array[]): Buffer {
  const sha256 = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
  const [only] = entries;
  if (only === undefined) return sha256();
  if (entries.length === 1) return sha256(Buffer.of(0), only);
  const k = 2 ** Math.floor(Math.log2(entries.length - 1));
  return sha256(Buffer.of(1), merkleTreeHash(entries.slice(0, k)), merkleTreeHash(entries.slice(k)));
}

describe('compact range', () => {
  it('has the root that RFC 6962 defines, for any entries', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 300 }), (entries) => {
        expect(Buffer.from(rootOf(entries.map(leafHash)))).toEqual(merkleTreeHash(entries));
      }),
    );
  });

  it('has the root of RFC 6962 for an empty tree', () => {
    expect(Buffer.from(new CompactRange().root()).toString('hex')).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
  });

  it('continues from the right edge of the tiles as if it had seen every leaf', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 599 }), (size) => {
        const full = Math.floor(size / 256);
        const upper = Array.from({ length: full }, (_, i) => readNode(8, i));
        const resumed = CompactRange.fromEdge([leaves.slice(full * 256, size), upper]);
        expect(resumed.size).toBe(size);
        expect(resumed.root()).toEqual(rootAt(size));
        resumed.append(leaves[size] as Uint8Array);
        expect(resumed.root()).toEqual(rootAt(size + 1));
      }),
    );
  });
});
