// Revocations as OpenSSH's own key revocation list (PROTOCOL.krl), for sshd's RevokedKeys and `ssh-keygen -Q`.

import { WireWriter } from '../../protocol/identity/ssh-wire.ts';

const MAGIC = 0x5353484b524c0a00n; // "SSHKRL\n\0"
const VERSION = 1;
const SECTION_CERTIFICATES = 1;
const SECTION_SHA256 = 5;
const SERIAL_LIST = 0x20;

export interface KrlContents {
  readonly sequence: bigint;
  readonly issued: Date;
  /** Whose certificates the serials are of. */
  readonly ca: Buffer;
  readonly serials: readonly bigint[];
  /** `SHA256:…` */
  readonly fingerprints: readonly string[];
}

export function writeKrl({ sequence, issued, ca, serials, fingerprints }: KrlContents): Buffer {
  const krl = new WireWriter()
    .uint64(MAGIC)
    .uint32(VERSION)
    .uint64(sequence)
    .uint64(BigInt(Math.floor(issued.getTime() / 1000)))
    .uint64(0n)
    .string('')
    .string('chaperone-hub');
  if (serials.length > 0) {
    const numbers = new WireWriter();
    for (const serial of [...serials].sort((a, b) => (a < b ? -1 : 1))) numbers.uint64(serial);
    const certificates = new WireWriter()
      .string(ca)
      .string('')
      .raw(Buffer.of(SERIAL_LIST))
      .string(numbers.finish())
      .finish();
    krl.raw(Buffer.of(SECTION_CERTIFICATES)).string(certificates);
  }
  if (fingerprints.length > 0) {
    const hashes = fingerprints.map((fingerprint) => Buffer.from(fingerprint.replace('SHA256:', ''), 'base64'));
    const keys = new WireWriter();
    for (const hash of hashes.sort(Buffer.compare)) keys.string(hash);
    krl.raw(Buffer.of(SECTION_SHA256)).string(keys.finish());
  }
  return krl.finish();
}
