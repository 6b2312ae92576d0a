// Promise 5 at the disk: whatever moment the power fails, what was acknowledged is there and nothing contradicts it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCheckpoint } from './checkpoint.ts';
import type { LogFailed } from './errors.ts';
import { leafHash } from './hashing.ts';
import { type Log, openLog } from './log.ts';
import { generateSignerKey, parseSignerKey } from './note-keys.ts';
import { readEntries } from './reader.ts';
import { ALL_SURVIVES, type Luck, NOTHING_SURVIVES, SimulatedDisk } from './testing/simulated-disk.ts';
import { verifyLog } from './verify.ts';

const DIRECTORY = '/audit';
const signer = parseSignerKey(generateSignerKey('log.example').signerKey);
const verifierKeys = [signer.verifier.key];
// Each number is a group of entries that arrive together: across the edges of bundles, and several bundles at once.
const GROUPS = [1, 253, 1, 1, 1, 300];

const open = (disk: SimulatedDisk) =>
  openLog(DIRECTORY, signer, { origin: 'log.example', fileSystem: disk, commitDelayMs: 0 });

/** What the world outside knows: entries that were acknowledged, and signed heads that were shown. */
interface Known {
  readonly entries: Map<number, string>;
  readonly heads: Set<string>;
}

const nothingKnown = (): Known => ({ entries: new Map(), heads: new Set() });

/** Append groups until all are in or the disk fails. */
async function live(disk: SimulatedDisk, known: Known, groups: readonly number[], name: string): Promise<Log | null> {
  let log: Log;
  try {
    log = await open(disk);
  } catch (error) {
    if (disk.isCut) return null;
    throw error;
  }
  known.heads.add(log.checkpoint);
  for (const size of groups) {
    const appended = Array.from({ length: size }, async (_, i) => {
      const text = `${name} ${log.nextIndex} ${i}`;
      const { index } = await log.append(Buffer.from(text));
      known.entries.set(index, text);
      known.heads.add(log.checkpoint);
    });
    const results = await Promise.allSettled(appended);
    await log.flush().catch(() => undefined); // the loop ends by itself when the disk has failed
    known.heads.add(log.checkpoint);
    if (results.some(({ status }) => status === 'rejected')) break;
  }
  await log.close();
  return log;
}

/** The log opens, holds all that is known, goes on, and verifies against every head that was ever shown. */
async function expectIntact(disk: SimulatedDisk, known: Known): Promise<void> {
  const before = known.entries.size;
  const log = await live(disk, known, [1, 1], 'after');
  expect(log?.failed).toBeNull();
  expect(known.entries.size).toBe(before + 2);
  const entries: string[] = [];
  for await (const entry of readEntries(DIRECTORY, 0, Number.MAX_SAFE_INTEGER, { fileSystem: disk })) {
    entries.push(Buffer.from(entry).toString());
  }
  for (const [index, text] of known.entries) expect(entries[index]).toBe(text);
  const anchors = [...known.heads];
  const result = await verifyLog(DIRECTORY, { fileSystem: disk, verifierKeys, anchors });
  expect(result).toMatchObject({ ok: true, findings: [], notes: [], size: entries.length });
}

function seeded(seed: number): Luck {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

async function countOperations(): Promise<number> {
  const disk = new SimulatedDisk();
  await live(disk, nothingKnown(), GROUPS, 'first');
  return disk.operations;
}

describe('after a power cut before every single file operation', () => {
  it.each([
    ['nothing unsynced survives', () => NOTHING_SURVIVES],
    ['everything survives', () => ALL_SURVIVES],
    ['some of it survives', (at: number) => seeded(at)],
  ])('and %s, the log opens, verifies and has every acknowledged entry', async (_what, luckAt) => {
    const total = await countOperations();
    expect(total).toBeGreaterThan(100);
    for (let cutAt = 0; cutAt < total; cutAt += 1) {
      const disk = new SimulatedDisk({ cutAt });
      const known = nothingKnown();
      await live(disk, known, GROUPS, 'first');
      expect(disk.isCut).toBe(true);
      await expectIntact(disk.afterPowerCut(luckAt(cutAt)), known);
    }
  });

  it('and the process alone was killed, the log goes on from what the system still writes', async () => {
    const total = await countOperations();
    for (let cutAt = 0; cutAt < total; cutAt += 7) {
      const disk = new SimulatedDisk({ cutAt });
      const known = nothingKnown();
      await live(disk, known, GROUPS, 'first');
      await expectIntact(disk.afterKill(), known);
    }
  });

  it('again and again, also while it is being mended', async () => {
    const life = fc.record({
      cutAt: fc.integer({ min: 0, max: 120 }),
      seed: fc.integer({ min: 1, max: 2 ** 30 }),
      killed: fc.boolean(),
      groups: fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(life, { minLength: 2, maxLength: 6 }), async (lives) => {
        const known = nothingKnown();
        let disk = new SimulatedDisk({ cutAt: lives[0]?.cutAt ?? 0 });
        for (const [i, { groups, seed, killed }] of lives.entries()) {
          await live(disk, known, groups, `life ${i}`);
          const next = i + 1 < lives.length ? { cutAt: lives[i + 1]?.cutAt ?? 0 } : {};
          disk = killed ? disk.afterKill(next) : disk.afterPowerCut(seeded(seed), next);
        }
        await expectIntact(disk, known);
      }),
      { numRuns: 100 },
    );
  });

  it('a head that was signed and durable is kept, though it never came into place', async () => {
    const total = await countOperations();
    let completed = 0;
    for (let cutAt = 0; cutAt < total; cutAt += 1) {
      const killed = new SimulatedDisk({ cutAt });
      await live(killed, nothingKnown(), GROUPS, 'first');
      const disk = killed.afterKill();
      const pending = await disk.readFile(`${DIRECTORY}/.checkpoint.pending`, 10_000).catch(() => null);
      if (pending === null || !Buffer.from(pending).toString().endsWith('\n')) continue;
      const { recovered, checkpoint } = await open(disk);
      if (recovered === null || recovered.completedEntries === 0) continue;
      completed += 1;
      expect(checkpoint).toBe(Buffer.from(pending).toString());
      await using again = await open(disk.afterPowerCut(NOTHING_SURVIVES));
      expect(again.checkpoint).toBe(checkpoint);
    }
    expect(completed).toBeGreaterThanOrEqual(GROUPS.length);
  });
});

describe('when the disk refuses', () => {
  it('at any operation, no append is acknowledged that is not safe', async () => {
    const codes = ['ENOSPC', 'EIO', 'EROFS', 'EDQUOT'];
    const total = await countOperations();
    for (let failAt = 0; failAt < total; failAt += 1) {
      const code = codes[failAt % codes.length] ?? 'EIO';
      const disk = new SimulatedDisk({ failAt, code });
      const known = nothingKnown();
      const log = await live(disk, known, GROUPS, 'first').catch((error: unknown) => {
        expect(error).toMatchObject({ code }); // it could not even be opened, and says why
        return null;
      });
      if (log !== null && log.failed !== null) expect(log.failed.message).toContain(code);
      await expectIntact(disk.afterKill(), known);
    }
  });

  it('the log says so once, stays failed and touches nothing more', async () => {
    const disk = new SimulatedDisk({ failAt: 12, code: 'ENOSPC' });
    const log = await open(disk);
    const told: LogFailed[] = [];
    using _listener = log.onFailure((error) => told.push(error));
    const results = await Promise.allSettled([log.append(Buffer.from('a')), log.append(Buffer.from('b'))]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const { operations } = disk;
    await expect(log.append(Buffer.from('c'))).rejects.toBe(log.failed);
    expect(told).toEqual([log.failed]);
    expect(disk.operations).toBe(operations);
    using _late = log.onFailure((error) => told.push(error));
    expect(told).toHaveLength(2);
    expect(parseCheckpoint(log.checkpoint).size).toBe(0);
    await log.close();
  });

  it('to take whole writes, the pieces still make the same log', async () => {
    const disk = new SimulatedDisk({ writeLimit: 7 });
    const known = nothingKnown();
    await live(disk, known, [3, 2], 'first');
    expect(known.entries.size).toBe(5);
    await expectIntact(disk, known);
  });

  it('to take any byte, the append fails instead of trying for ever', async () => {
    await expect(open(new SimulatedDisk({ writeLimit: 0 }))).rejects.toThrow('took no bytes');
  });
});

it('an append costs one write and one sync before it is acknowledged', async () => {
  const disk = new SimulatedDisk();
  await using log = await openLog(DIRECTORY, signer, {
    origin: 'log.example',
    fileSystem: disk,
    commitDelayMs: 60_000,
  });
  const before = { operations: disk.operations, syncs: disk.syncs };
  await log.append(Buffer.from('entry'));
  expect({ operations: disk.operations, syncs: disk.syncs }).toEqual({
    operations: before.operations + 2,
    syncs: before.syncs + 1,
  });
});

it('entries that were acknowledged shortly after each other share a checkpoint', async () => {
  const disk = new SimulatedDisk();
  await using log = await openLog(DIRECTORY, signer, {
    origin: 'log.example',
    fileSystem: disk,
    commitDelayMs: 60_000,
  });
  for (let i = 0; i < 8; i += 1) await log.append(Buffer.from(`entry ${i}`));
  expect(parseCheckpoint(log.checkpoint).size).toBe(0);
  const { syncs } = disk;
  await log.flush();
  expect(parseCheckpoint(log.checkpoint).size).toBe(8);
  expect(disk.syncs - syncs).toBeLessThan(12);
});

it('what was acknowledged and under no checkpoint yet is in the log after a kill, and the log says so', async () => {
  const disk = new SimulatedDisk();
  const options = { origin: 'log.example', fileSystem: disk, commitDelayMs: 60_000 };
  const log = await openLog(DIRECTORY, signer, options);
  for (let i = 0; i < 3; i += 1) await log.append(Buffer.from(`entry ${i}`));
  await using again = await open(disk.afterPowerCut(NOTHING_SURVIVES));
  expect(again.size).toBe(3);
  expect(again.recovered).toMatchObject({ cutEntries: 0, journaledEntries: 3 });
});

it('the leaf of an entry does not depend on the group it came in', async () => {
  const roots: string[] = [];
  for (const groups of [[7], [1, 1, 1, 1, 1, 1, 1], [3, 4]]) {
    const disk = new SimulatedDisk();
    const log = await open(disk);
    let next = 0;
    for (const size of groups) {
      await Promise.all(Array.from({ length: size }, () => log.append(Buffer.from(`entry ${next++}`))));
    }
    roots.push(Buffer.from(parseCheckpoint(log.checkpoint).root).toString('hex'));
    await log.close();
  }
  expect(new Set(roots).size).toBe(1);
  expect(roots[0]).not.toBe(Buffer.from(leafHash(Buffer.from('entry 0'))).toString('hex'));
});
