// The published C2SP sample log, every file of it: what others have written, we read and verify.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseCheckpoint, verifyCheckpoint } from './checkpoint.ts';
import { rootOf } from './compact-range.ts';
import { parseBundle } from './entry-bundles.ts';
import { LogProofError } from './errors.ts';
import { leafHash } from './hashing.ts';
import { formatNote } from './note.ts';
import { generateSignerKey, parseVerifierKey } from './note-keys.ts';
import { encodeTile, parseTile, tilePath } from './tiles.ts';
import { verifyLog } from './verify.ts';

const SAMPLE = join(import.meta.dirname, '../../test/fixtures/tlog');
const KEY = 'example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx';
const checkpoints = readdirSync(SAMPLE).filter((name) => name.startsWith('checkpoint'));
const read = (name: string) => readFileSync(join(SAMPLE, name));

it.each(checkpoints)('%s is signed by its key', (name) => {
  const checkpoint = verifyCheckpoint(read(name), [parseVerifierKey(KEY)], 'example.com/log/testdata');
  if (name.includes('.')) expect(String(checkpoint.size)).toBe(name.split('.')[1]);
  expect(formatNote(checkpoint.note)).toBe(read(name).toString());
});

it('no checkpoint is accepted under another key or origin', () => {
  const other = parseVerifierKey(generateSignerKey('example.com/log/testdata').verifierKey);
  expect(() => verifyCheckpoint(read('checkpoint'), [other])).toThrow('no known key');
  expect(() => verifyCheckpoint(read('checkpoint'), [parseVerifierKey(KEY)], 'other')).toThrow(LogProofError);
});

it.each(checkpoints.filter((name) => /\.[1-9]/.test(name)))('%s has the root of its bundle and of its tile', (name) => {
  const { size, root } = parseCheckpoint(read(name));
  const tile = read(tilePath({ level: 0, index: 0, width: size }));
  const leaves = parseBundle(read(tilePath({ level: 'entries', index: 0, width: size })), size).map(leafHash);
  expect(rootOf(leaves)).toEqual(root);
  expect(encodeTile(leaves)).toEqual(tile);
  expect(rootOf(parseTile(tile, size))).toEqual(root);
});

it.each(Array.from({ length: 15 }, (_, i) => i + 1))('bundle and tile of size %i agree', (size) => {
  const leaves = parseBundle(read(`tile/entries/000.p/${size}`), size).map(leafHash);
  expect(encodeTile(leaves)).toEqual(read(`tile/0/000.p/${size}`));
});

it('the whole log verifies, with its earlier checkpoints as outside copies', async () => {
  const anchors = checkpoints.map((name) => read(name).toString());
  const result = await verifyLog(SAMPLE, { verifierKeys: [KEY], anchors });
  expect(result).toMatchObject({ ok: true, size: 15, findings: [], signedBy: ['example.com/log/testdata'] });
  expect(new Set(result.notes.map(({ kind }) => kind))).toEqual(new Set(['foreign-file']));
});

it('the whole log does not verify when one of its old partial tiles was changed', async () => {
  const copy = mkdtempSync(join(tmpdir(), 'chaperone-sample-'));
  try {
    cpSync(SAMPLE, copy, { recursive: true });
    for (const path of ['tile/0/000.p/7', 'tile/entries/000.p/3']) {
      const bytes = read(path);
      bytes[4] = (bytes[4] as number) ^ 1;
      writeFileSync(join(copy, path), bytes);
    }
    const { findings } = await verifyLog(copy, { verifierKeys: [KEY] });
    expect(findings.map(({ kind, file }) => `${kind} ${file}`)).toEqual([
      'partial-altered tile/0/000.p/7',
      'partial-altered tile/entries/000.p/3',
    ]);
  } finally {
    rmSync(copy, { recursive: true });
  }
});
