// Key revocation lists of OpenSSH (PROTOCOL.krl), as `ssh-keygen -k` makes them.

import { fingerprintOf } from './public-key.ts';
import type { RevocationList, RevokedCertificates, SerialBitmap, SerialRange } from './revoked.ts';
import { WireError, WireReader } from './ssh-wire.ts';

const MAGIC = 'SSHKRL\n\0';
const FORMAT = 1;
const PART_MAX = 4 * 1024 * 1024; // bytes; whoever reads the file bounds it further
const TEXT_MAX = 1024; // bytes of a key ID
const SHA256_SIZE = 32;
const SHA1_SIZE = 20;

const SECTION = {
  certificates: 1,
  explicitKey: 2,
  sha1: 3,
  signature: 4,
  sha256: 5,
  extension: 255,
} as const;
const PART = { serialList: 0x20, serialRange: 0x21, serialBitmap: 0x22, keyId: 0x23, extension: 0x39 } as const;

export function isKrl(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, MAGIC.length)).toString('latin1') === MAGIC;
}

/** @throws WireError when it is damaged, or holds something that must be understood and is not */
export function parseKrl(bytes: Uint8Array): RevocationList {
  const reader = new WireReader(bytes);
  if (reader.bytes(MAGIC.length).toString('latin1') !== MAGIC || reader.uint32() !== FORMAT) {
    throw new WireError('this is not a revocation list of OpenSSH');
  }
  const sequence = reader.uint64();
  const issued = reader.uint64();
  reader.uint64(); // flags; none are defined
  reader.string(PART_MAX); // reserved
  reader.string(PART_MAX); // comment
  const certificates: RevokedCertificates[] = [];
  const fingerprints = new Set<string>();
  const sha1 = new Set<string>();
  while (!reader.done) {
    const kind = reader.byte();
    if (kind === SECTION.signature) {
      // Signatures come last, and ssh-keygen makes none: ours stands beside the file, as an SSHSIG.
      throw new WireError('the list has a signature inside, which is not supported: sign it with ssh-keygen -Y sign');
    }
    const section = new WireReader(reader.string(PART_MAX));
    switch (kind) {
      case SECTION.certificates:
        certificates.push(readCertificates(section));
        break;
      case SECTION.explicitKey:
        while (!section.done) fingerprints.add(fingerprintOf(section.string(PART_MAX)));
        break;
      case SECTION.sha256:
        while (!section.done) {
          fingerprints.add(`SHA256:${exactly(section, SHA256_SIZE).toString('base64').replace(/=+$/, '')}`);
        }
        break;
      case SECTION.sha1:
        while (!section.done) sha1.add(exactly(section, SHA1_SIZE).toString('hex'));
        break;
      case SECTION.extension:
        skipExtension(section);
        break;
      default:
        throw new WireError(`the list has a part of an unknown kind (${kind})`);
    }
  }
  return { sequence, issued, certificates, fingerprints, sha1 };
}

function readCertificates(section: WireReader): RevokedCertificates {
  const ca = section.string(PART_MAX);
  section.string(PART_MAX); // reserved
  const serials: SerialRange[] = [];
  const bitmaps: SerialBitmap[] = [];
  const keyIds = new Set<string>();
  while (!section.done) {
    const kind = section.byte();
    const part = new WireReader(section.string(PART_MAX));
    switch (kind) {
      case PART.serialList:
        while (!part.done) {
          const serial = part.uint64();
          serials.push({ first: serial, last: serial });
        }
        break;
      case PART.serialRange: {
        const [first, last] = [part.uint64(), part.uint64()];
        if (first > last) throw new WireError('the list has a range that ends before it begins');
        serials.push({ first, last });
        break;
      }
      case PART.serialBitmap:
        bitmaps.push({ offset: part.uint64(), bits: part.positiveInteger(PART_MAX) });
        break;
      case PART.keyId:
        while (!part.done) keyIds.add(part.text(TEXT_MAX));
        break;
      case PART.extension:
        skipExtension(part);
        break;
      default:
        throw new WireError(`the list has a part of an unknown kind (${kind})`);
    }
    part.end();
  }
  return { ca: ca.length === 0 ? null : ca, serials, bitmaps, keyIds };
}

function exactly(reader: WireReader, size: number): Buffer {
  const bytes = reader.string(size);
  if (bytes.length !== size) throw new WireError('the list has a fingerprint of the wrong length');
  return bytes;
}

function skipExtension(part: WireReader): void {
  const name = part.text(TEXT_MAX);
  const isCritical = part.byte() !== 0;
  part.string(PART_MAX);
  part.end();
  if (isCritical)
    throw new WireError(`the list has a part that must be understood and is not: ${JSON.stringify(name)}`);
}
