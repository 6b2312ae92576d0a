// Promise 4 at the size that the policy allows: what is taken is in the file, and what is not taken is said before
// anyone sees it.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryFile } from './memory-file.ts';
import { openRecording, type Recording } from './recording.ts';

const KIB = 1024;

async function opened(limit: number): Promise<{ recording: Recording; file: MemoryFile; shown: () => Buffer }> {
  const file = new MemoryFile();
  const recording = await openRecording('/nowhere/1.cast', {
    cols: 80,
    rows: 24,
    title: 'front-desk-2',
    startedAt: new Date('2026-11-22T10:00:00Z'),
    maxBytes: () => limit,
    openFile: async () => file,
  });
  const shown = () => {
    const [, ...lines] = file.data.toString('utf8').trimEnd().split('\n');
    const texts = lines.map((line): unknown[] => JSON.parse(line)).filter(([, code]) => code === 'o');
    return Buffer.from(texts.map(([, , text]) => text).join(''));
  };
  return { recording, file, shown };
}

// Quotes, control characters, whole characters, half ones and plain text: each grows differently on its way.
const chunk = fc
  .oneof(
    fc.uint8Array({ maxLength: 200, size: 'max' }),
    fc.uint8Array({ maxLength: 200, max: 0x22, size: 'max' }),
    fc.uint8Array({ maxLength: 200, min: 0x80, size: 'max' }),
    fc.string({ unit: 'grapheme', maxLength: 100, size: 'max' }),
  )
  .map((some) => Buffer.from(some));

describe('a recording with a size limit', () => {
  it('holds all that was taken, and never grows beyond its limit', async () => {
    const cases = fc.asyncProperty(
      fc.array(chunk, { maxLength: 40, size: 'max' }),
      fc.integer({ min: 0, max: 3000 }),
      all,
    );
    await fc.assert(cases, { numRuns: 150 });

    async function all(chunks: readonly Buffer[], limit: number): Promise<void> {
      const { recording, file, shown } = await opened(limit);
      const header = file.data.length;
      const taken = chunks.filter((each, index) => {
        if (index % 7 === 6) recording.resize(index, 24);
        return recording.output(each);
      });
      const { complete } = await recording.close();
      expect(file.data.length).toBeLessThanOrEqual(Math.max(limit, header));
      expect(shown().equals(Buffer.from(Buffer.concat(taken).toString('utf8')))).toBe(true);
      if (taken.length < chunks.length) expect(complete).toBe(false);
    }
  });

  it('fills it with plain text nearly to the last byte, then says that it is full', async () => {
    const { recording, file } = await opened(200 * KIB);
    let taken = 0;
    while (recording.output(Buffer.alloc(100, 'a'))) taken += 100;
    expect(await recording.failed).toMatchObject({ trouble: 'limit' });
    expect(recording.output(Buffer.from('b'))).toBe(false);
    expect((await recording.close()).complete).toBe(false);
    expect(taken).toBeGreaterThan(199 * KIB);
    expect(file.data.includes('b"]')).toBe(false);
  });

  it('counts what is on its way to the disk', async () => {
    const { recording, file, shown } = await opened(200 * KIB);
    const disk = Promise.withResolvers<void>();
    file.gate = disk.promise;
    expect(recording.output(Buffer.alloc(150 * KIB, 'a'))).toBe(true);
    await new Promise((resolve) => setTimeout(resolve)); // handed to the disk, which takes its time
    expect(recording.output(Buffer.alloc(60 * KIB, 'b'))).toBe(false);
    disk.resolve();
    await recording.close();
    expect(shown().length).toBe(150 * KIB);
    expect(file.data.length).toBeLessThanOrEqual(200 * KIB);
  });
});
