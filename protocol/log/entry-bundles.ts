// Entry bundles (C2SP tlog-tiles): up to 256 log entries in one file, each after its 16-bit length.
import { EntryTooLarge, LogFormatError } from './errors.ts';
import { TILE_WIDTH } from './tiles.ts';

/** Bytes of the largest entry: its length is a big-endian uint16. */
export const MAX_ENTRY = 0xffff;
const LENGTH_SIZE = 2;

/** Bytes of the largest bundle there can be; nothing larger is ever read. */
export const MAX_BUNDLE = TILE_WIDTH * (LENGTH_SIZE + MAX_ENTRY);

/**
 * One entry as it stands in a bundle: length, then bytes. A bundle is these, concatenated.
 * @throws EntryTooLarge
 */
export function encodeEntry(entry: Uint8Array): Uint8Array {
  if (entry.length > MAX_ENTRY) throw new EntryTooLarge(entry.length, MAX_ENTRY);
  const bytes = Buffer.allocUnsafe(LENGTH_SIZE + entry.length);
  bytes.writeUInt16BE(entry.length, 0);
  bytes.set(entry, LENGTH_SIZE);
  return bytes;
}

/** The entries of a bundle up to the first that is not whole, and where that is. */
export interface BundlePrefix {
  readonly entries: Uint8Array[];
  /** Bytes that belong to whole entries. */
  readonly length: number;
  /** No bytes are left over, and there are at most 256 entries. */
  readonly complete: boolean;
}

/** Read as many whole entries (at most 256) as there are. Never throws: for cut-off and damaged bundles. */
export function scanBundle(bytes: Uint8Array): BundlePrefix {
  const entries: Uint8Array[] = [];
  let offset = 0;
  while (entries.length < TILE_WIDTH && offset + LENGTH_SIZE <= bytes.length) {
    const end = offset + LENGTH_SIZE + (((bytes[offset] as number) << 8) | (bytes[offset + 1] as number));
    if (end > bytes.length) break;
    entries.push(bytes.subarray(offset + LENGTH_SIZE, end));
    offset = end;
  }
  return { entries, length: offset, complete: offset === bytes.length };
}

/**
 * Parse a bundle that must hold exactly `width` entries.
 * @throws LogFormatError
 */
export function parseBundle(bytes: Uint8Array, width: number): Uint8Array[] {
  const { entries, complete } = scanBundle(bytes);
  if (!complete) throw new LogFormatError(`entry bundle breaks off or has stray bytes after ${entries.length} entries`);
  if (entries.length !== width) throw new LogFormatError(`entry bundle has ${entries.length} entries, not ${width}`);
  return entries;
}
