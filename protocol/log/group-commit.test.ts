// Steps that follow on each other without waiting for anything else share one sync, and each hears of its own.
import { expect, it } from 'vitest';
import { openLog } from './log.ts';
import { generateSignerKey, parseSignerKey } from './note-keys.ts';
import { SimulatedDisk } from './testing/simulated-disk.ts';

const signer = parseSignerKey(generateSignerKey('log.example').signerKey);

it('makes what is appended in one turn safe by one sync', async () => {
  const disk = new SimulatedDisk();
  const log = await openLog('/audit', signer, { origin: 'log.example', fileSystem: disk, commitDelayMs: 60_000 });
  const before = disk.syncs;
  const appended = [log.append(Buffer.from('asked'))];
  for (let step = 0; step < 10; step += 1) await Promise.resolve(); // layers that call each other
  appended.push(log.append(Buffer.from('shown')));
  expect(await Promise.all(appended)).toEqual([{ index: 0 }, { index: 1 }]);
  expect(disk.syncs - before).toBe(1);
  await log.append(Buffer.from('allowed'));
  expect(disk.syncs - before).toBe(2);
  await log.close();
});
