// Whatever is done to the files of a log, verification ends with findings: it never throws, hangs or says yes.
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { writeNew } from './file-system.ts';
import { walkFiles } from './layout.ts';
import { openLog } from './log.ts';
import { generateSignerKey, parseSignerKey } from './note-keys.ts';
import { ALL_SURVIVES, SimulatedDisk } from './testing/simulated-disk.ts';
import { verifyLog } from './verify.ts';

const DIRECTORY = '/audit';
const signer = parseSignerKey(generateSignerKey('log.example').signerKey);
const options = { verifierKeys: [signer.verifier.key] };
const original = new SimulatedDisk();
const paths: string[] = [`${DIRECTORY}/checkpoint`];

beforeAll(async () => {
  const log = await openLog(DIRECTORY, signer, { origin: 'log.example', fileSystem: original });
  await Promise.all(Array.from({ length: 300 }, (_, i) => log.append(Buffer.from(`entry ${i}`))));
  await log.close();
  for await (const { path } of walkFiles(original, DIRECTORY)) paths.push(`${DIRECTORY}/${path}`);
});

type Change = (bytes: Buffer, other: Buffer) => Buffer | null;

const position = fc.nat({ max: 1_000_000 });
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(position, fc.integer({ min: 1, max: 255 })).map(([at, mask]) => (bytes: Buffer) => {
    bytes[at % bytes.length] = (bytes[at % bytes.length] as number) ^ mask;
    return bytes;
  }),
  position.map((at) => (bytes: Buffer) => bytes.subarray(0, at % bytes.length)),
  fc.uint8Array({ minLength: 1, maxLength: 40 }).map((more) => (bytes: Buffer) => Buffer.concat([bytes, more])),
  fc.tuple(position, fc.uint8Array({ minLength: 1, maxLength: 9 })).map(([at, more]) => (bytes: Buffer) => {
    const cut = at % bytes.length;
    return Buffer.concat([bytes.subarray(0, cut), more, bytes.subarray(cut)]);
  }),
  fc.tuple(position, fc.integer({ min: 1, max: 50 })).map(([at, count]) => (bytes: Buffer) => {
    const cut = at % bytes.length;
    return Buffer.concat([bytes.subarray(0, cut), bytes.subarray(cut + count)]);
  }),
  fc.constant((_: Buffer, other: Buffer) => other),
  fc.constant(() => null),
);

it('any change to any files is found, without an exception', async () => {
  const edit = fc.tuple(fc.nat(), fc.nat(), change);
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), async (edits) => {
      const disk = original.afterPowerCut(ALL_SURVIVES);
      let changed = false;
      for (const [which, from, apply] of edits) {
        const path = paths[which % paths.length] ?? '';
        const before = await disk.readFile(path, 1e9).catch(() => null);
        const other = await original.readFile(paths[from % paths.length] ?? '', 1e9);
        if (before === null || before.length === 0) continue;
        const after = apply(Buffer.from(before), Buffer.from(other));
        await disk.remove(path);
        if (after !== null) await (await writeNew(disk, path, after)).close();
      }
      for (const path of paths) {
        const now = await disk.readFile(path, 1e9).catch(() => Buffer.alloc(0));
        if (Buffer.compare(now, await original.readFile(path, 1e9)) !== 0) changed = true;
      }
      const { ok, findings, root } = await verifyLog(DIRECTORY, { ...options, fileSystem: disk });
      expect(ok).toBe(!changed);
      expect(findings.every(({ message }) => message.length > 0)).toBe(true);
      expect(root === null || root.length === 32).toBe(true);
    }),
    { numRuns: 400 },
  );
});
