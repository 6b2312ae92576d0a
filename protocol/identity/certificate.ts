// OpenSSH certificates (PROTOCOL.certkeys of OpenSSH): read into their fields, and written. Reading does not judge:
// check-certificate.ts says whether one is believed.

import { randomBytes } from 'node:crypto';
import { fingerprintOf, formatPublicLine, readKeyFields, type SshPublicKey, splitLine } from './public-key.ts';
import type { SshSigner } from './signature.ts';
import { WireError, WireReader, WireWriter } from './ssh-wire.ts';

const CERTIFICATE_MAX = 32 * 1024; // bytes; an SSH packet holds no more
const PRINCIPALS_MAX = 256; // as OpenSSH
const OPTIONS_MAX = 64; // options and extensions each; OpenSSH itself knows nine
const TEXT_MAX = 1024; // bytes of a key ID, principal or name of an option
const DATA_MAX = 4 * 1024; // bytes of an option's data
const NONCE_SIZE = 32;
const SUFFIX = '-cert-v01@openssh.com';
const KINDS = { user: 1, host: 2 } as const;

/** A time that never comes: no end, or (at 0) no beginning. */
export const FOREVER = 0xffff_ffff_ffff_ffffn;

export type CertificateKind = keyof typeof KINDS;

/** What the certificate authority says about a key. */
export interface CertificateFields {
  /** The key that is certified. */
  readonly key: SshPublicKey;
  readonly serial: bigint;
  readonly kind: CertificateKind;
  /** For a technician, the name. As it stands there: clean it before it is shown. */
  readonly keyId: string;
  readonly principals: readonly string[];
  /** Seconds since 1970, the first in which it is valid. */
  readonly validAfter: bigint;
  /** Seconds since 1970, the first in which it is no longer valid; {@link FOREVER} for no end. */
  readonly validBefore: bigint;
  readonly criticalOptions: ReadonlyMap<string, Buffer>;
  readonly extensions: ReadonlyMap<string, Buffer>;
}

export interface Certificate extends CertificateFields {
  /** Such as `ssh-ed25519-cert-v01@openssh.com`. */
  readonly type: string;
  /** All of it, as a client offers it. */
  readonly blob: Buffer;
  readonly nonce: Buffer;
  /** The key of the authority, in wire format: which types are believed is not decided here. */
  readonly caBlob: Buffer;
  readonly caFingerprint: string;
  /** What the authority signed: all up to the signature. */
  readonly signed: Buffer;
  /** `string algorithm, string bytes` */
  readonly signature: Buffer;
}

export function isCertificateType(type: string): boolean {
  return type.endsWith(SUFFIX);
}

/** @throws WireError when `blob` is not exactly one certificate of a type that is supported */
export function parseCertificate(blob: Uint8Array): Certificate {
  if (blob.length > CERTIFICATE_MAX) {
    throw new WireError('the certificate is too large');
  }
  const all = Buffer.from(blob);
  const reader = new WireReader(all);
  const type = reader.text(TEXT_MAX);
  if (!isCertificateType(type)) {
    throw new WireError('this is not a certificate');
  }
  const nonce = reader.string(TEXT_MAX);
  const key = readKeyFields(type.slice(0, -SUFFIX.length), reader);
  const serial = reader.uint64();
  const kind = kindOf(reader.uint32());
  const keyId = reader.text(TEXT_MAX);
  const principals = [...new WireReader(reader.string(CERTIFICATE_MAX)).texts(PRINCIPALS_MAX, TEXT_MAX)];
  const validAfter = reader.uint64();
  const validBefore = reader.uint64();
  const criticalOptions = readOptions(reader.string(CERTIFICATE_MAX));
  const extensions = readOptions(reader.string(CERTIFICATE_MAX));
  reader.string(CERTIFICATE_MAX); // reserved; OpenSSH writes none and reads past what there is
  const caBlob = reader.string(CERTIFICATE_MAX);
  const signed = all.subarray(0, reader.offset);
  const signature = reader.string(CERTIFICATE_MAX);
  reader.end();
  return {
    type,
    blob: all,
    nonce,
    key,
    serial,
    kind,
    keyId,
    principals,
    validAfter,
    validBefore,
    criticalOptions,
    extensions,
    caBlob,
    caFingerprint: fingerprintOf(caBlob),
    signed,
    signature,
  };
}

/** The certificate of a line of a `-cert.pub` file. @throws WireError */
export function parseCertificateLine(line: string): Certificate {
  const [type, blob] = splitLine(line);
  const certificate = parseCertificate(blob);
  if (certificate.type !== type) {
    throw new WireError(`the line says ${type} and holds ${certificate.type}`);
  }
  return certificate;
}

/** The line for a `-cert.pub` file, without newline. */
export function formatCertificateLine(certificate: Certificate, comment = ''): string {
  return formatPublicLine(certificate, comment);
}

/**
 * Signs `fields`, laid out as ssh-keygen does: options and extensions in the order of their names.
 *
 * @param nonce 32 random bytes, unless a test needs others
 */
export async function issueCertificate(
  fields: CertificateFields,
  ca: SshSigner,
  nonce: Uint8Array = randomBytes(NONCE_SIZE),
): Promise<Certificate> {
  const plainFields = new WireReader(fields.key.blob);
  const plainType = plainFields.text(TEXT_MAX);
  const principals = new WireWriter();
  for (const principal of fields.principals) principals.string(principal);
  const signed = new WireWriter()
    .string(`${plainType}${SUFFIX}`)
    .string(nonce)
    .raw(fields.key.blob.subarray(plainFields.offset))
    .uint64(fields.serial)
    .uint32(KINDS[fields.kind])
    .string(fields.keyId)
    .string(principals.finish())
    .uint64(fields.validAfter)
    .uint64(fields.validBefore)
    .string(writeOptions(fields.criticalOptions))
    .string(writeOptions(fields.extensions))
    .string('')
    .string(ca.publicKey.blob)
    .finish();
  return parseCertificate(
    new WireWriter()
      .raw(signed)
      .string(await ca.sign(signed))
      .finish(),
  );
}

/** The text in an option's data, which ssh-keygen wraps as a string: `-O extension:NAME=TEXT`. @throws WireError */
export function optionText(data: Uint8Array): string {
  const reader = new WireReader(data);
  const text = reader.text(DATA_MAX);
  reader.end();
  return text;
}

/** The data of an option that carries `text`; see {@link optionText}. */
export function optionData(text: string): Buffer {
  return new WireWriter().string(text).finish();
}

function kindOf(value: number): CertificateKind {
  switch (value) {
    case KINDS.user:
      return 'user';
    case KINDS.host:
      return 'host';
    default:
      throw new WireError('the certificate is neither for a person nor for a machine');
  }
}

function readOptions(bytes: Buffer): ReadonlyMap<string, Buffer> {
  const options = new Map<string, Buffer>();
  const reader = new WireReader(bytes);
  while (!reader.done) {
    const name = reader.text(TEXT_MAX);
    if (options.has(name)) {
      throw new WireError('an option stands in it twice'); // PROTOCOL.certkeys: "may only appear once"
    }
    options.set(name, reader.string(DATA_MAX));
    if (options.size > OPTIONS_MAX) {
      throw new WireError(`it lists more than ${OPTIONS_MAX} options`);
    }
  }
  return options;
}

function writeOptions(options: ReadonlyMap<string, Buffer>): Buffer {
  const writer = new WireWriter();
  const names = [...options.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  for (const name of names) writer.string(name).string(options.get(name) ?? '');
  return writer.finish();
}
