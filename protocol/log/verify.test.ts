// Tampering is found and its place named; what a crash leaves and what others add is not taken for tampering.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseCheckpoint, signCheckpoint } from './checkpoint.ts';
import { encodeEntry, parseBundle, scanBundle } from './entry-bundles.ts';
import { leafHash } from './hashing.ts';
import { openLog } from './log.ts';
import { generateSignerKey, parseSignerKey } from './note-keys.ts';
import { type VerifyOptions, verifyLog } from './verify.ts';

const SIZE = 700; // two full bundles and 188 entries
const LAST = 'tile/entries/002.p/188';
const signer = parseSignerKey(generateSignerKey('log.example').signerKey);
const verifierKeys = [signer.verifier.key];
const entry = (i: number) => Buffer.from(`{"seq":${i}}`);

let original: string;
let directory: string;
const anchors: string[] = [];

beforeAll(async () => {
  original = mkdtempSync(join(tmpdir(), 'chaperone-verify-'));
  await using log = await openLog(original, signer, { origin: 'log.example' });
  for (let i = 0; i < SIZE; i += 100) {
    await Promise.all(Array.from({ length: 100 }, (_, k) => log.append(entry(i + k))));
    await log.flush();
    anchors.push(log.checkpoint);
  }
});
afterAll(() => rmSync(original, { recursive: true }));
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'chaperone-verify-'));
  cpSync(original, directory, { recursive: true });
});
afterEach(() => rmSync(directory, { recursive: true }));

const at = (path: string) => join(directory, path);
const verify = (options: VerifyOptions = {}) => verifyLog(directory, { verifierKeys, anchors, ...options });

async function places(options?: VerifyOptions): Promise<string[]> {
  const { ok, findings, omitted } = await verify(options);
  expect(ok).toBe(findings.length === 0);
  expect(omitted).toBe(0);
  return findings.map(({ kind, index, file }) => [kind, index, file].filter((part) => part !== undefined).join(' '));
}

function edit(path: string, change: (bytes: Buffer) => Uint8Array | undefined): void {
  const bytes = readFileSync(at(path));
  writeFileSync(at(path), change(bytes) ?? bytes);
}

const flip = (path: string, position: number) =>
  edit(path, (bytes) => {
    bytes[position] = (bytes[position] as number) ^ 1;
    return undefined;
  });

/** Write a bundle and its tile again from changed entries, as somebody would who knows the format. */
function rewriteEntries(bundle: string, tile: string, width: number, change: (entries: Uint8Array[]) => Uint8Array[]) {
  const entries = change(parseBundle(readFileSync(at(bundle)), width));
  writeFileSync(at(bundle), Buffer.concat(entries.map(encodeEntry)));
  writeFileSync(at(tile), Buffer.concat(entries.map(leafHash)));
  return entries;
}

describe('an honest log', () => {
  it('verifies, with all outside copies of its checkpoints', async () => {
    const progress: number[] = [];
    const result = await verify({ onProgress: ({ entries }) => progress.push(entries) });
    expect(result).toMatchObject({ ok: true, size: SIZE, findings: [], notes: [], signedBy: ['log.example'] });
    expect(result.root).toEqual(parseCheckpoint(anchors.at(-1) ?? '').root);
    expect(progress).toEqual([256, 512, 700]);
  });

  it('verifies when empty, and when it ends with a full tile', async () => {
    for (const size of [0, 256, 512]) {
      rmSync(directory, { recursive: true });
      await using log = await openLog(directory, signer, { origin: 'log.example' });
      await Promise.all(Array.from({ length: size }, (_, i) => log.append(entry(i))));
      await log.flush();
      expect(await verifyLog(directory, { verifierKeys })).toMatchObject({ ok: true, size, notes: [] });
    }
  });

  it('verifies after its writer was killed, and says what still waits for a checkpoint', async () => {
    await using log = await openLog(directory, signer, { origin: 'log.example', commitDelayMs: 60_000 });
    await log.append(entry(SIZE));
    await log.append(entry(SIZE + 1));
    const { ok, notes } = await verify();
    expect({ ok, notes }).toEqual({
      ok: true,
      notes: [expect.objectContaining({ kind: 'unsigned-yet', index: SIZE, file: '.journal' })],
    });
    expect(notes[0]?.message).toContain('2 entries');
  });

  it('verifies while it is being written', async () => {
    await using log = await openLog(directory, signer, { origin: 'log.example' });
    let writing = true;
    const writer = (async () => {
      for (let i = SIZE; writing; i += 1) await log.append(entry(i));
    })();
    for (let i = 0; i < 10; i += 1) expect(await places()).toEqual([]);
    writing = false;
    await writer;
  });

  it('without a key verifies with a note that no signature was checked', async () => {
    const { ok, notes, signedBy } = await verifyLog(directory);
    expect({ ok, signedBy, kinds: notes.map(({ kind }) => kind) }).toEqual({
      ok: true,
      signedBy: [],
      kinds: ['signature-unchecked'],
    });
  });

  it('may have the files of others beside it', async () => {
    writeFileSync(at('README'), 'hello');
    const { ok, notes } = await verify();
    expect([ok, notes.map(({ kind, file }) => `${kind} ${file}`)]).toEqual([true, ['foreign-file README']]);
  });

  it('with a torn tail verifies, and the tail is noted', async () => {
    for (const path of ['tile/entries/002.p/190', 'tile/0/002', 'tile/3/000.p/1']) {
      mkdirSync(join(at(path), '..'), { recursive: true });
      writeFileSync(at(path), 'torn');
    }
    const { ok, notes, findings } = await verify();
    expect(notes.map(({ kind, file }) => `${kind} ${file}`)).toEqual([
      'torn-tail tile/0/002',
      'torn-tail tile/entries/002.p/190',
    ]);
    expect([ok, findings.map(({ kind, file }) => `${kind} ${file}`)]).toEqual([
      false,
      ['beyond-checkpoint tile/3/000.p/1'], // a tree of 16 million leaves is no torn tail
    ]);
  });
});

describe('a changed entry', () => {
  it.each([0, 255, 256, 511, 512, 699])('number %i is named', async (index) => {
    const bundle = Math.floor(index / 256);
    const path = bundle === 2 ? LAST : `tile/entries/00${bundle}`;
    const { entries } = scanBundle(readFileSync(at(path)));
    const offset = entries.slice(0, index % 256).reduce((sum, one) => sum + 2 + one.length, 0) + 2;
    flip(path, offset);
    expect(await places({ anchors: [] })).toEqual([`entry-altered ${index} ${path}`]);
  });

  it('is found at every single byte of a bundle, and of a tile', async () => {
    for (const path of [LAST, 'tile/0/002.p/188', 'tile/1/000.p/2']) {
      const length = readFileSync(at(path)).length;
      for (let position = 0; position < length; position += 97) {
        flip(path, position);
        const { ok, findings } = await verify({ anchors: [] });
        expect(ok, `${path} byte ${position}`).toBe(false);
        expect(findings.every(({ kind }) => !['root-mismatch', 'entry-disputed'].includes(kind))).toBe(true);
        flip(path, position);
      }
    }
  });

  it('contradicts the outside copies from there on, and they narrow down where', async () => {
    edit('tile/entries/001', (bytes) =>
      Buffer.from(bytes.toString('latin1').replace('"seq":350', '"seq":999'), 'latin1'),
    );
    const { findings } = await verify();
    expect(findings.filter(({ kind }) => kind === 'anchor-contradicted')[0]).toMatchObject({
      index: 300,
      message: 'an outside checkpoint of size 400 has another root: the change lies in entries 300 to 399',
    });
    expect(findings.filter(({ kind }) => kind === 'entry-altered')).toMatchObject([{ index: 350 }]);
  });

  it('with its tile written to match is found by the tile above', async () => {
    rewriteEntries('tile/entries/001', 'tile/0/001', 256, (entries) => entries.with(7, Buffer.from('forged')));
    expect(await places({ anchors: [] })).toEqual(['entries-altered 256 tile/1/000.p/2']);
  });

  it('with all tiles written to match is found by the checkpoint', async () => {
    rewriteEntries(LAST, 'tile/0/002.p/188', 188, (entries) => entries.with(7, Buffer.from('forged')));
    expect(await places({ anchors: [] })).toEqual(['root-mismatch checkpoint']);
  });
});

describe('reordered entries', () => {
  const swap = (a: number, b: number) => (entries: Uint8Array[]) =>
    entries.with(a, entries[b] as Uint8Array).with(b, entries[a] as Uint8Array);

  it('are named, each with its own place', async () => {
    edit('tile/entries/000', (bytes) => Buffer.concat(swap(3, 200)(parseBundle(bytes, 256)).map(encodeEntry)));
    const { findings } = await verify({ anchors: [] });
    expect(findings.map(({ message }) => message)).toEqual([
      'entry 200 stands in the place of entry 3',
      'entry 3 stands in the place of entry 200',
    ]);
  });

  it('are refused by the rule of the caller, even in a log signed again by its own key', async () => {
    rmSync(directory, { recursive: true });
    {
      await using log = await openLog(directory, signer, { origin: 'log.example' });
      await Promise.all(swap(3, 4)(Array.from({ length: 300 }, (_, i) => entry(i))).map((one) => log.append(one)));
    }
    const checkEntry = (bytes: Uint8Array, index: number) =>
      Buffer.from(bytes).equals(entry(index)) ? null : `entry ${index} has another number`;
    expect(await places({ anchors: [], checkEntry })).toEqual([
      'entry-rule 3 tile/entries/000',
      'entry-rule 4 tile/entries/000',
    ]);
    expect(await places({ anchors: anchors.slice(0, 1) })).toEqual(['anchor-contradicted 0']);
  });
});

describe('a changed tile', () => {
  it.each([
    ['tile/0/001', 32 * 5, 'tile-altered 261 tile/0/001'],
    ['tile/0/002.p/188', 32 * 5, 'tile-altered 517 tile/0/002.p/188'],
    ['tile/1/000.p/2', 40, 'tile-altered 256 tile/1/000.p/2'],
  ])('%s is named, with the entry whose hash it is', async (path, position, place) => {
    flip(path, position);
    expect(await places()).toEqual([place]);
  });

  it('that is cut or lengthened is named', async () => {
    edit('tile/0/000', (bytes) => bytes.subarray(0, 100));
    edit('tile/0/001', (bytes) => Buffer.concat([bytes, Buffer.of(1)]));
    expect(await places()).toEqual(['tile-damaged 0 tile/0/000', 'tile-damaged 256 tile/0/001']);
  });
});

describe('what is missing', () => {
  it.each([
    ['tile/entries/000', ['bundle-missing 0 tile/entries/000']],
    [LAST, [`bundle-missing 512 ${LAST}`]],
    ['tile/0/001', ['tile-missing 256 tile/0/001']],
    ['tile/0/002.p/188', ['tile-missing 512 tile/0/002.p/188']],
    ['tile/1/000.p/2', ['tile-missing 0 tile/1/000.p/2']],
    ['checkpoint', ['checkpoint-missing checkpoint']],
  ])('%s', async (path, expected) => {
    rmSync(at(path));
    expect(await places()).toEqual(expected);
  });

  it('is named for a bundle that is lost together with its tile', async () => {
    rmSync(at('tile/entries/001'));
    rmSync(at('tile/0/001'));
    const { root } = await verify();
    expect(root).toBeNull();
    expect(await places()).toEqual(['tile-missing 256 tile/0/001', 'bundle-missing 256 tile/entries/001']);
  });

  it('is named for a bundle that breaks off', async () => {
    edit('tile/entries/001', (bytes) => bytes.subarray(0, bytes.length - 1));
    edit(LAST, (bytes) => Buffer.concat([bytes, encodeEntry(entry(700))]));
    expect(await places()).toEqual(['bundle-damaged 511 tile/entries/001', `bundle-damaged 512 ${LAST}`]);
  });

  it('is an end that was cut off together with the checkpoint: only an outside copy shows it', async () => {
    const short = mkdtempSync(join(tmpdir(), 'chaperone-verify-'));
    {
      await using log = await openLog(short, signer, { origin: 'log.example' });
      await Promise.all(Array.from({ length: 600 }, (_, i) => log.append(entry(i))));
    }
    rmSync(directory, { recursive: true });
    renameSync(short, directory);
    expect(await places({ anchors: anchors.slice(0, 6) })).toEqual([]);
    expect(await places()).toEqual(['anchor-truncation 600']);
  });

  it('is the end under an old checkpoint that was put back', async () => {
    writeFileSync(at('checkpoint'), anchors[2] ?? '');
    const found = await places({ anchors: [] });
    expect(found).toContain('bundle-missing 256 tile/entries/001.p/44');
  });
});

describe('the checkpoint', () => {
  it('changed in any byte is found', async () => {
    const length = readFileSync(at('checkpoint')).length;
    for (let position = 0; position < length; position += 5) {
      flip('checkpoint', position);
      expect((await verify({ anchors: [] })).ok, `byte ${position}`).toBe(false);
      flip('checkpoint', position);
    }
  });

  it('of another key is not trusted, though all else fits', async () => {
    const other = parseSignerKey(generateSignerKey('log.example').signerKey);
    const { origin, size, root } = parseCheckpoint(anchors.at(-1) ?? '');
    writeFileSync(at('checkpoint'), signCheckpoint({ origin, size, root }, other));
    expect(await places()).toEqual(['checkpoint-untrusted checkpoint']);
  });

  it('that claims a gigantic log ends the verification early', async () => {
    const { root } = parseCheckpoint(anchors[0] ?? '');
    const head = { origin: 'log.example', size: Number.MAX_SAFE_INTEGER, root };
    writeFileSync(at('checkpoint'), signCheckpoint(head, signer));
    const { ok, findings, omitted } = await verify({ anchors: [] });
    expect([ok, findings.length, omitted > 0]).toEqual([false, 1000, true]);
  });

  it('as an outside copy counts only with a signature of the log', async () => {
    const other = parseSignerKey(generateSignerKey('log.example').signerKey);
    const { origin, size, root } = parseCheckpoint(anchors[0] ?? '');
    expect(await places({ anchors: [signCheckpoint({ origin, size, root }, other), 'rubbish'] })).toEqual([
      'anchor-untrusted',
      'anchor-untrusted',
    ]);
  });
});

describe('files that have no place', () => {
  it.each(['tile/0/foo', 'tile/0/000.p/256', 'tile/x/000', 'tile/entries/00'])('%s is named', async (path) => {
    mkdirSync(join(at(path), '..'), { recursive: true });
    writeFileSync(at(path), '');
    expect(await places()).toEqual([`extra-file ${path}`]);
  });

  it('a symbolic link in the place of a tile is not followed', async () => {
    renameSync(at('tile/0/000'), at('elsewhere'));
    symlinkSync(at('elsewhere'), at('tile/0/000'));
    expect(await places()).toEqual(['tile-damaged 0 tile/0/000', 'extra-file tile/0/000']);
  });
});

it('verification stops when it is told to', async () => {
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(verify({ signal })).rejects.toThrow('enough');
});
