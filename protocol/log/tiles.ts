// Names and bytes of Merkle tree tiles (C2SP tlog-tiles): which file holds which hashes.
import { LogFormatError } from './errors.ts';
import { HASH_SIZE } from './hashing.ts';

/** Hashes in a full tile, entries in a full bundle. */
export const TILE_WIDTH = 256;

// tlog-tiles allows 63; 2^53 leaves (the safe integers) end at level 6.
const MAX_LEVEL = 63;
// Groups of three digits: six hold every safe integer.
const MAX_INDEX_GROUPS = 6;

/** A tile of hashes (`level` 0–63) or a bundle of entries (`'entries'`). */
export interface TileName {
  readonly level: number | 'entries';
  readonly index: number;
  /** 1–256; below 256 the tile is partial. */
  readonly width: number;
}

/** Path of a tile below the log's directory, with `/` as separator: `tile/<L>/<N>[.p/<W>]`. */
export function tilePath({ level, index, width }: TileName): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const groups = padded.match(/\d{3}/g) ?? [];
  const last = groups.length - 1;
  const name = groups.map((group, i) => (i < last ? `x${group}` : group)).join('/');
  return `tile/${level}/${name}${width < TILE_WIDTH ? `.p/${width}` : ''}`;
}

const PATH = /^tile\/(entries|0|[1-9]\d?)\/((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

/**
 * Parse the path of a tile or bundle; only the one canonical spelling is accepted.
 * @throws LogFormatError
 */
export function parseTilePath(path: string): TileName {
  const match = path.length > 64 ? null : PATH.exec(path);
  const [, levelText, indexText, widthText] = match ?? [];
  if (levelText === undefined || indexText === undefined) throw new LogFormatError(`not a tile path: ${preview(path)}`);
  const groups = indexText.split('/');
  const index = Number(groups.map((group) => group.replace('x', '')).join(''));
  const width = widthText === undefined ? TILE_WIDTH : Number(widthText);
  const level = levelText === 'entries' ? 'entries' : Number(levelText);
  const redundant = groups.length > 1 && groups[0] === 'x000';
  if (
    (level !== 'entries' && level > MAX_LEVEL) ||
    (widthText !== undefined && width >= TILE_WIDTH) ||
    groups.length > MAX_INDEX_GROUPS ||
    !Number.isSafeInteger(index) ||
    redundant
  ) {
    throw new LogFormatError(`not a tile path: ${preview(path)}`);
  }
  return { level, index, width };
}

const preview = (text: string): string => JSON.stringify(text.slice(0, 80));

/** Leaves below one hash of a tile at this level: 256^level; an entry of a bundle is one leaf. */
export function leavesPerHash(level: TileName['level']): number {
  return level === 'entries' ? 1 : TILE_WIDTH ** level;
}

/** The incomplete tile at the right edge of `level` in a tree of `size` leaves; `width` 0 when there is none. */
export function edgeTile(level: TileName['level'], size: number): { index: number; width: number } {
  const hashes = Math.floor(size / leavesPerHash(level));
  return { index: Math.floor(hashes / TILE_WIDTH), width: hashes % TILE_WIDTH };
}

/** Number of tile levels of a tree of `size` leaves (0 for an empty tree). */
export function tileLevels(size: number): number {
  let levels = 0;
  for (let hashes = size; hashes > 0; hashes = Math.floor(hashes / TILE_WIDTH)) levels += 1;
  return levels;
}

/** The bytes of a tile. */
export function encodeTile(hashes: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(hashes);
}

/**
 * Parse the bytes of a tile that must hold exactly `width` hashes.
 * @throws LogFormatError
 */
export function parseTile(bytes: Uint8Array, width: number): Uint8Array[] {
  if (bytes.length !== width * HASH_SIZE) {
    throw new LogFormatError(`tile of ${width} hashes has ${bytes.length} bytes instead of ${width * HASH_SIZE}`);
  }
  return Array.from({ length: width }, (_, i) => bytes.subarray(i * HASH_SIZE, (i + 1) * HASH_SIZE));
}
