// Tile names, tiles and entry bundles: one spelling for each, whole or refused.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeEntry, MAX_ENTRY, parseBundle, scanBundle } from './entry-bundles.ts';
import { EntryTooLarge, LogFormatError } from './errors.ts';
import { edgeTile, parseTile, parseTilePath, type TileName, tileLevels, tilePath } from './tiles.ts';

describe('tile paths', () => {
  it.each([
    [{ level: 0, index: 0, width: 256 }, 'tile/0/000'],
    [{ level: 'entries', index: 0, width: 5 }, 'tile/entries/000.p/5'],
    [{ level: 2, index: 1234067, width: 256 }, 'tile/2/x001/x234/067'],
    [{ level: 63, index: 1000, width: 255 }, 'tile/63/x001/000.p/255'],
  ] as [TileName, string][])('%j is %s', (name, path) => {
    expect(tilePath(name)).toBe(path);
    expect(parseTilePath(path)).toEqual(name);
  });

  it('come back as they were, for every tile', () => {
    const level = fc.oneof(fc.integer({ min: 0, max: 63 }), fc.constant('entries' as const));
    fc.assert(
      fc.property(level, fc.maxSafeNat(), fc.integer({ min: 1, max: 256 }), (level, index, width) => {
        expect(parseTilePath(tilePath({ level, index, width }))).toEqual({ level, index, width });
      }),
    );
  });

  it('parse only in the spelling in which they are written', () => {
    const near = fc.array(
      fc.constantFrom('tile', '/', 'x', '0', '00', '067', '1', '.p/', 'entries', '256', '64', '..'),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          near.map((parts) => parts.join('')),
        ),
        (path) => {
          let name: TileName;
          try {
            name = parseTilePath(path);
          } catch (error) {
            expect(error).toBeInstanceOf(LogFormatError);
            return;
          }
          expect(tilePath(name)).toBe(path);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each(['tile/0/x000/001', 'tile/00/000', 'tile/64/000', 'tile/0/0', 'tile/0/000.p/256', 'tile/0/000.p/0'])(
    '%s is refused',
    (path) => {
      expect(() => parseTilePath(path)).toThrow(LogFormatError);
    },
  );

  it('know the right edge of the example of the specification: 70,000 leaves', () => {
    expect([0, 1, 2, 3].map((level) => edgeTile(level, 70_000))).toEqual([
      { index: 273, width: 112 },
      { index: 1, width: 17 },
      { index: 0, width: 1 },
      { index: 0, width: 0 },
    ]);
    expect([0, 1, 255, 256, 65_536, 70_000].map(tileLevels)).toEqual([0, 1, 1, 2, 3, 3]);
  });
});

describe('entry bundle', () => {
  const entries = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 256 });
  const encode = (list: readonly Uint8Array[]) => Buffer.concat(list.map(encodeEntry));

  it('comes back as it was, for entries of any bytes', () => {
    fc.assert(
      fc.property(entries, (list) => {
        expect(parseBundle(encode(list), list.length).map((entry) => [...entry])).toEqual(list.map((e) => [...e]));
      }),
      { numRuns: 50 },
    );
  });

  it('takes an entry of 65,535 bytes and not one more', () => {
    expect(parseBundle(encodeEntry(new Uint8Array(MAX_ENTRY)), 1)[0]).toHaveLength(MAX_ENTRY);
    expect(() => encodeEntry(new Uint8Array(MAX_ENTRY + 1))).toThrow(EntryTooLarge);
  });

  it('cut anywhere is refused, and its whole entries are still found', () => {
    const bytes = encode([Buffer.from('one'), Buffer.alloc(0), Buffer.from('three')]);
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => parseBundle(bytes.subarray(0, length), 3)).toThrow(LogFormatError);
      expect(scanBundle(bytes.subarray(0, length)).entries).toHaveLength(length < 5 ? 0 : length < 7 ? 1 : 2);
    }
    expect(() => parseBundle(Buffer.concat([bytes, Buffer.of(0)]), 3)).toThrow('stray bytes');
    expect(() => parseBundle(bytes, 2)).toThrow('3 entries, not 2');
  });

  it('of arbitrary bytes never yields more than 256 entries or reads past its end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1200 }), (bytes) => {
        const { entries: found, length, complete } = scanBundle(bytes);
        expect(found.length).toBeLessThanOrEqual(256);
        expect(encode(found)).toEqual(Buffer.from(bytes.subarray(0, length)));
        expect(complete).toBe(length === bytes.length);
      }),
    );
    expect(scanBundle(new Uint8Array(2 * 257))).toMatchObject({ length: 512, complete: false });
  });
});

it('a tile of another length than its width is refused', () => {
  for (const length of [0, 31, 33, 63, 65]) expect(() => parseTile(new Uint8Array(length), 2)).toThrow(LogFormatError);
});
