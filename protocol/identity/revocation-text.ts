// The text list of what an organisation took back (docs/protocol.md): one entry per line, signed beside it by SSHSIG.

import type { RevocationList, SerialRange } from './revoked.ts';
import { WireError } from './ssh-wire.ts';

export const REVOCATIONS_HEAD = 'chaperone/revocations/v1';

const LINES_MAX = 20_000;
const SERIAL_MAX = 0xffff_ffff_ffff_ffffn;
const FINGERPRINT = /^SHA256:[A-Za-z0-9+/]{43}$/;

export interface RevocationEntries {
  readonly sequence: bigint;
  readonly issued: Date;
  readonly serials: readonly SerialRange[];
  readonly fingerprints: readonly string[];
}

/**
 * Reads a list. Serials are those of the authority that signed it.
 *
 * @param ca public key of that authority in wire format
 * @throws WireError that names the line
 */
export function parseRevocationText(text: string, ca: Buffer): RevocationList {
  const lines = text.split(/\r?\n/);
  if (lines[0] !== REVOCATIONS_HEAD) {
    throw new WireError(`the first line is not ${REVOCATIONS_HEAD}`);
  }
  if (lines.length > LINES_MAX) {
    throw new WireError(`the list has more than ${LINES_MAX} lines`);
  }
  const serials: SerialRange[] = [];
  const fingerprints = new Set<string>();
  let sequence: bigint | null = null;
  let issued = 0n;
  for (const [index, line] of lines.entries()) {
    if (index === 0 || /^\s*(#|$)/.test(line)) continue;
    const [word = '', value = '', ...rest] = line.trim().split(/\s+/);
    const bad = () => new WireError(`line ${index + 1} of the list cannot be understood`);
    if (rest.length > 0 && !rest[0]?.startsWith('#')) throw bad();
    if (word === 'sequence' && sequence === null && isSerial(value)) {
      sequence = BigInt(value);
    } else if (
      word === 'issued' &&
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value) &&
      !Number.isNaN(Date.parse(value))
    ) {
      issued = BigInt(Math.floor(Date.parse(value) / 1000));
    } else if (word === 'serial') {
      const range = parseRange(value);
      if (range === null) throw bad();
      serials.push(range);
    } else if (word === 'key' && FINGERPRINT.test(value)) {
      fingerprints.add(value);
    } else {
      throw bad();
    }
  }
  if (sequence === null) {
    throw new WireError('the list has no line "sequence", which must rise with every issue');
  }
  const certificates = [{ ca, serials, bitmaps: [], keyIds: new Set<string>() }];
  return { sequence, issued, certificates, fingerprints, sha1: new Set() };
}

/** The text of a list, to be signed as it is. */
export function formatRevocationText({ sequence, issued, serials, fingerprints }: RevocationEntries): string {
  return [
    REVOCATIONS_HEAD,
    `sequence ${sequence}`,
    `issued ${issued.toISOString().slice(0, 19)}Z`,
    ...serials.map(({ first, last }) => `serial ${first === last ? first : `${first}-${last}`}`),
    ...fingerprints.map((fingerprint) => `key ${fingerprint}`),
    '',
  ].join('\n');
}

function parseRange(text: string): SerialRange | null {
  const [from = '', to = from, ...rest] = text.split('-');
  if (rest.length > 0 || !isSerial(from) || !isSerial(to)) return null;
  const range = { first: BigInt(from), last: BigInt(to) };
  return range.first <= range.last ? range : null;
}

function isSerial(text: string): boolean {
  return /^\d{1,20}$/.test(text) && BigInt(text) <= SERIAL_MAX;
}
