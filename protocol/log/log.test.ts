// The log on a real disk: appending, opening again, one writer, refusing what contradicts the signature.
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseCheckpoint, verifyCheckpoint } from './checkpoint.ts';
import { rootOf } from './compact-range.ts';
import { EntryTooLarge, LogFailed, LogLocked, LogRefused } from './errors.ts';
import { leafHash } from './hashing.ts';
import { LiveDirectory } from './live-directory.ts';
import { openLog } from './log.ts';
import { generateSignerKey, parseSignerKey } from './note-keys.ts';
import { verifyConsistency, verifyInclusion } from './proofs.ts';
import { proveConsistency, proveInclusion, readCheckpoint, readEntries } from './reader.ts';

const signer = parseSignerKey(generateSignerKey('log.example/482913077').signerKey);
const options = { origin: 'log.example/482913077' };
const entry = (i: number) => Buffer.from(`entry ${i}`);

let directory: string;
beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'chaperone-log-')), 'machine', 'audit');
});
afterEach(() => rmSync(join(directory, '../..'), { recursive: true }));

const open = () => openLog(directory, signer, options);

async function fill(count: number): Promise<void> {
  await using log = await open();
  const first = log.size;
  await Promise.all(Array.from({ length: count }, (_, i) => log.append(entry(first + i))));
}

async function collect(entries: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  for await (const one of entries) all.push(one);
  return all;
}

const files = () =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((item) => item.isFile())
    .map((item) => join(item.parentPath, item.name).slice(directory.length + 1))
    .sort();

describe('appending', () => {
  it('resolves with a place, and a signed checkpoint covers it after a flush', async () => {
    await using log = await open();
    expect(log).toMatchObject({ size: 0, nextIndex: 0, recovered: null, failed: null });
    const [first, second] = [log.append(entry(0)), log.append(entry(1))];
    expect(log.nextIndex).toBe(2);
    expect(await first).toEqual({ index: 0 });
    expect(await second).toEqual({ index: 1 });
    await log.flush();
    const checkpoint = verifyCheckpoint(log.checkpoint, [signer.verifier], options.origin);
    expect(checkpoint.size).toBe(2);
    expect(checkpoint.root).toEqual(rootOf([leafHash(entry(0)), leafHash(entry(1))]));
    expect(readFileSync(join(directory, 'checkpoint'), 'utf8')).toBe(log.checkpoint);
  });

  it('leaves exactly the files of the C2SP layout', async () => {
    await fill(3);
    expect(files()).toEqual(['checkpoint', 'tile/0/000.p/3', 'tile/entries/000.p/3']);
    await fill(253);
    expect(files()).toEqual(['checkpoint', 'tile/0/000', 'tile/1/000.p/1', 'tile/entries/000']);
    await fill(1);
    expect(files()).toEqual([
      'checkpoint',
      'tile/0/000',
      'tile/0/001.p/1',
      'tile/1/000.p/1',
      'tile/entries/000',
      'tile/entries/001.p/1',
    ]);
    expect(existsSync(join(directory, 'tile/0/000.p'))).toBe(false);
  });

  it('logs what was given at the call, though the caller reuses the buffer', async () => {
    const buffer = entry(1);
    await using log = await open();
    const appended = log.append(buffer);
    buffer.fill(0);
    await appended;
    await log.flush();
    expect(await collect(readEntries(directory, 0, 1))).toEqual([entry(1)]);
  });

  it('refuses an entry that does not fit and goes on', async () => {
    await using log = await open();
    await expect(log.append(new Uint8Array(65_536))).rejects.toThrow(EntryTooLarge);
    expect(await log.append(new Uint8Array(65_535))).toEqual({ index: 0 });
  });

  it('is over when the log is closed, and what was appended before is in', async () => {
    const log = await open();
    const last = log.append(entry(0));
    await log.close();
    expect(await last).toEqual({ index: 0 });
    await expect(log.append(entry(1))).rejects.toThrow(LogFailed);
    await log.close();
  });
});

describe('opening again', () => {
  it.each([1, 255, 256, 257, 600])('goes on after %i entries', async (count) => {
    await fill(count);
    await fill(2);
    await using log = await open();
    expect(log).toMatchObject({ size: count + 2, recovered: null });
    expect(parseCheckpoint(log.checkpoint).root).toEqual(
      rootOf(Array.from({ length: count + 2 }, (_, i) => leafHash(entry(i)))),
    );
  });

  it('cuts what no checkpoint covers, says so, and takes the names again', async () => {
    await fill(3);
    const before = `${directory}-before`;
    cpSync(directory, before, { recursive: true });
    await fill(300);
    for (const name of ['checkpoint', 'tile/0/000.p', 'tile/entries/000.p']) {
      cpSync(join(before, name), join(directory, name), { recursive: true });
    }
    {
      await using log = await open();
      expect(log.size).toBe(3);
      expect(log.recovered).toEqual({
        completedEntries: 0,
        journaledEntries: 0,
        cutEntries: 300,
        cutFiles: ['tile/0/000', 'tile/0/001.p/47', 'tile/1/000.p/1', 'tile/entries/000', 'tile/entries/001.p/47'],
      });
    }
    await fill(298);
    await using log = await open();
    expect(log).toMatchObject({ size: 301, recovered: null });
  });

  it.each([
    ['a flipped bit in the last tile', 'tile/0/001.p/4', 'contradict'],
    ['a flipped bit in the last bundle', 'tile/entries/001.p/4', 'entry 256'],
    ['a flipped bit in the upper tile', 'tile/1/000.p/1', 'contradict'],
    ['a flipped bit in the checkpoint', 'checkpoint', 'cannot be trusted'],
  ])('refuses %s', async (_what, name, message) => {
    await fill(260);
    const path = join(directory, name);
    const bytes = readFileSync(path);
    bytes[10] = (bytes[10] as number) ^ 1;
    writeFileSync(path, bytes);
    const refusal = await open().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(LogRefused);
    expect(String(refusal)).toContain(message);
    bytes[10] = (bytes[10] as number) ^ 1;
    writeFileSync(path, bytes);
    await using log = await open(); // the refusal has kept neither the lock nor its hands on the files
    expect(log).toMatchObject({ size: 260, recovered: null });
  });

  it.each(['checkpoint', 'tile/0/001.p/4', 'tile/entries/001.p/4', 'tile/1/000.p/1'])(
    'refuses the loss of %s',
    async (name) => {
      await fill(260);
      rmSync(join(directory, name));
      await expect(open()).rejects.toThrow(LogRefused);
    },
  );

  it('refuses the key or origin of another log', async () => {
    await fill(1);
    const other = parseSignerKey(generateSignerKey('log.example/482913077').signerKey);
    await expect(openLog(directory, other, options)).rejects.toThrow('no known key');
    await expect(openLog(directory, signer, { origin: 'other' })).rejects.toThrow(LogRefused);
  });
});

describe('one writer', () => {
  it('keeps a second one out until the first has closed', async () => {
    const log = await open();
    await expect(open()).rejects.toThrow(LogLocked);
    await log.append(entry(0));
    await log.close();
    await using second = await open();
    expect(second.size).toBe(1);
  });
});

describe('reading a directory', () => {
  it('gives entries, and proofs for every size', async () => {
    await fill(700);
    const head = await readCheckpoint(directory);
    if (head === null) throw new Error('the log has a checkpoint');
    expect(await collect(readEntries(directory, 250, 515))).toEqual(
      Array.from({ length: 265 }, (_, i) => entry(250 + i)),
    );
    expect(await collect(readEntries(directory, 698, 9999))).toHaveLength(2);
    for (const index of [0, 255, 256, 511, 512, 699]) {
      const proof = await proveInclusion(directory, index, 700);
      verifyInclusion(index, 700, leafHash(entry(index)), proof, head.root);
    }
    for (const size of [1, 255, 256, 257, 600, 700]) {
      const root = rootOf(Array.from({ length: size }, (_, i) => leafHash(entry(i))));
      verifyConsistency(size, 700, root, head.root, await proveConsistency(directory, size, 700));
    }
    await expect(proveInclusion(directory, 0, 701)).rejects.toThrow('does not reach');
  });

  it('follows a log that is being written', async () => {
    await fill(200);
    const reading = readEntries(directory, 0, 200);
    expect((await reading.next()).value).toEqual(entry(0));
    const live = new LiveDirectory(directory);
    await live.refresh();
    await fill(100); // the partial bundle of 200 entries is gone now
    expect((await collect(reading)).length).toBe(199);
    expect(await live.tile('entries', 0, 200)).toMatchObject({ path: 'tile/entries/000', width: 256 });
    await expect(readCheckpoint(join(directory, 'nowhere'))).resolves.toBeNull();
  });

  it('names the bundle that is lost', async () => {
    await fill(10);
    rmSync(join(directory, 'tile/entries/000.p/10'));
    await expect(collect(readEntries(directory, 0, 10))).rejects.toThrow('has lost tile/entries/000.p/10');
  });
});
