// What the journal gives back after its writer was stopped in the middle of a write.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRecords, encodeRecord, Journal, type JournalRecord, readJournal } from './journal.ts';
import { SimulatedDisk } from './testing/simulated-disk.ts';

const record = fc.record({ index: fc.nat(), entry: fc.uint8Array({ maxLength: 300 }) });
const plain = (records: readonly JournalRecord[]) =>
  records.map(({ index, entry }) => ({ index, entry: Buffer.from(entry).toString('hex') }));

describe('a journal', () => {
  it('gives back every whole record, wherever it was torn', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 8 }), fc.nat(), (records, at) => {
        const pieces = records.map(encodeRecord);
        const bytes = Buffer.concat(pieces);
        const torn = bytes.subarray(0, at % (bytes.length + 1));
        let whole = 0;
        for (let end = 0; whole < pieces.length; whole += 1) {
          end += pieces[whole]?.length ?? 0;
          if (end > torn.length) break;
        }
        expect(plain(decodeRecords(torn))).toEqual(plain(records.slice(0, whole)));
      }),
    );
  });

  it('stops at the first record with a flipped bit', () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 5 }), fc.nat(), (records, at) => {
        const bytes = Buffer.concat(records.map(encodeRecord));
        const bit = at % (bytes.length * 8);
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(decodeRecords(bytes).length).toBeLessThan(records.length);
      }),
    );
  });

  it('never takes bytes that nobody wrote for a record', () => {
    expect(decodeRecords(Buffer.alloc(4096))).toEqual([]);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => decodeRecords(Buffer.from(bytes)).length === 0),
    );
  });

  it('gives only what follows on the checkpoint, without a gap', async () => {
    const disk = new SimulatedDisk();
    await disk.makeDirectory('/log');
    const journal = new Journal(disk, '/log');
    await journal.begin();
    await journal.append([3, 4, 5, 7].map((index) => ({ index, entry: Buffer.from(`entry ${index}`) })));
    const from = async (size: number) => (await readJournal(disk, '/log', size)).map(String);
    expect(await from(4)).toEqual(['entry 4', 'entry 5']);
    expect(await from(2)).toEqual([]);
    expect(await from(8)).toEqual([]);
    await journal.finish();
    expect(await from(4)).toEqual([]);
  });
});
