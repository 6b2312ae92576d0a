// The journal is begun anew only when all of it stands under a checkpoint: also when the commit before it fails.
import { expect, it } from 'vitest';
import { openLog } from './log.ts';
import { generateSignerKey, parseSignerKey } from './note-keys.ts';
import { readEntries } from './reader.ts';
import { SimulatedDisk } from './testing/simulated-disk.ts';

const signer = parseSignerKey(generateSignerKey('log.example').signerKey);
const open = (fileSystem: SimulatedDisk) =>
  openLog('/audit', signer, { origin: 'log.example', fileSystem, commitDelayMs: 60_000 });
const LARGE = 60_000; // bytes of an entry: 72 of them make the journal long
const text = (index: number) => `${index} `.padEnd(LARGE, 'x');

/** Appends beyond the journal's turn; resolves with what was acknowledged. */
async function live(disk: SimulatedDisk): Promise<string[]> {
  const acknowledged: string[] = [];
  const log = await open(disk);
  for (let index = 0; index < 76; index += 1) {
    const told = await log.append(Buffer.from(text(index))).then(
      () => true,
      () => false,
    );
    if (told) acknowledged.push(text(index));
  }
  await log.close();
  return acknowledged;
}

it('keeps what was acknowledged when the commit before a new journal fails', async () => {
  const whole = new SimulatedDisk();
  expect(await live(whole)).toHaveLength(76);
  const lost: string[] = [];
  for (let failAt = 100; failAt < whole.operations; failAt += 1) {
    const disk = new SimulatedDisk({ failAt, code: 'ENOSPC' });
    const acknowledged = await live(disk);
    const after = disk.afterKill();
    await (await open(after)).close();
    const kept = new Set<string>();
    for await (const entry of readEntries('/audit', 0, Number.MAX_SAFE_INTEGER, { fileSystem: after })) {
      kept.add(Buffer.from(entry).toString());
    }
    const missing = acknowledged.filter((entry) => !kept.has(entry)).length;
    if (missing > 0) lost.push(`operation ${failAt}: ${missing} of ${acknowledged.length}`);
  }
  expect(lost).toEqual([]);
});
