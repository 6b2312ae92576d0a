// What an organisation took back: keys, certificates by number or name. One shape for signed text lists and for KRLs.

import { createHash } from 'node:crypto';
import type { Certificate } from './certificate.ts';
import { fingerprintOf } from './public-key.ts';

/** Numbers of certificates, both ends included. */
export interface SerialRange {
  readonly first: bigint;
  readonly last: bigint;
}

/** Numbers from `offset` on: bit n of the big-endian `bits` stands for `offset + n`. */
export interface SerialBitmap {
  readonly offset: bigint;
  readonly bits: Buffer;
}

/** Certificates of one authority, or of every one. */
export interface RevokedCertificates {
  /** Public key of the authority in wire format; null for every one. */
  readonly ca: Buffer | null;
  readonly serials: readonly SerialRange[];
  readonly bitmaps: readonly SerialBitmap[];
  readonly keyIds: ReadonlySet<string>;
}

export interface RevocationList {
  /** Rises with every issue; a lower one is an old list. */
  readonly sequence: bigint;
  /** Seconds since 1970; 0 when the list does not say. */
  readonly issued: bigint;
  readonly certificates: readonly RevokedCertificates[];
  /** `SHA256:…` of keys: technicians' or authorities'. */
  readonly fingerprints: ReadonlySet<string>;
  /** SHA-1 of keys in hex, as old KRLs have them. */
  readonly sha1: ReadonlySet<string>;
}

/** Why `list` refuses the key and, if it came with one, its certificate: one line for the log. Null when it does not. */
export function whyRevoked(
  list: RevocationList,
  key: { readonly blob: Buffer },
  certificate: Certificate | null,
): string | null {
  if (isRevokedKey(list, key.blob)) return 'the list names the key';
  if (certificate === null) return null;
  if (isRevokedKey(list, certificate.caBlob)) return 'the list names the authority';
  for (const { ca, serials, bitmaps, keyIds } of list.certificates) {
    if (ca !== null && !ca.equals(certificate.caBlob)) continue;
    const { serial } = certificate;
    if (serials.some(({ first, last }) => first <= serial && serial <= last)) return `the list names serial ${serial}`;
    if (bitmaps.some((bitmap) => isSet(bitmap, serial))) return `the list names serial ${serial}`;
    if (keyIds.has(certificate.keyId)) return 'the list names the key ID';
  }
  return null;
}

/** How much a list takes back, for messages; ranges count once. */
export function sizeOf({ certificates, fingerprints, sha1 }: RevocationList): number {
  const parts = certificates.map(({ serials, bitmaps, keyIds }) => serials.length + bitmaps.length + keyIds.size);
  return parts.reduce((sum, size) => sum + size, fingerprints.size + sha1.size);
}

function isRevokedKey({ fingerprints, sha1 }: RevocationList, blob: Buffer): boolean {
  return (
    fingerprints.has(fingerprintOf(blob)) || (sha1.size > 0 && sha1.has(createHash('sha1').update(blob).digest('hex'))) // theirs, and it only ever refuses
  );
}

function isSet({ offset, bits }: SerialBitmap, serial: bigint): boolean {
  const index = serial - offset;
  if (index < 0n || index >= BigInt(bits.length * 8)) return false;
  const place = Number(index);
  const byte = bits[bits.length - 1 - (place >> 3)] ?? 0;
  return ((byte >> (place & 7)) & 1) === 1;
}
