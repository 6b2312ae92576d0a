// `chaperone-hub ca sign`: makes a technician's badge, or a machine's.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { formatConnectionId } from '../../protocol/connection-id.ts';
import { type EnrolmentRequest, parseEnrolmentRequest } from '../../protocol/enrolment.ts';
import { parseCertificateLine } from '../../protocol/identity/certificate.ts';
import { parsePublicLine, type SshPublicKey } from '../../protocol/identity/public-key.ts';
import { replaceFile } from '../authority/authority.ts';
import { CannotSign } from '../authority/errors.ts';
import { fromNow, issue, type Subject } from '../authority/issue.ts';
import type { Issued } from '../authority/ledger.ts';
import { authorityAt, type DirectoryOptions } from './authority-at.ts';
import { type OutputOptions, print } from './output.ts';
import { type PassphraseOptions, passphraseFrom } from './passphrase.ts';
import { parseValidity } from './validity.ts';

const FILE_MAX = 64 * 1024; // bytes
const TECHNICIAN_VALID = '90d'; // short enough that a lost key is not for ever
const MACHINE_VALID = '52w';

export interface SignOptions extends OutputOptions, PassphraseOptions, DirectoryOptions {
  readonly machine?: boolean;
  readonly name?: string;
  readonly phone?: string;
  readonly org?: string;
  readonly title?: string;
  readonly role?: readonly string[];
  readonly valid?: string;
  readonly out?: string;
  readonly force?: boolean;
}

export async function sign(file: string, options: SignOptions): Promise<void> {
  const { key, subject } = options.machine === true ? machine(readRequest(file), options) : technician(file, options);
  const length = parseValidity(options.valid ?? (subject.kind === 'host' ? MACHINE_VALID : TECHNICIAN_VALID));
  const authority = authorityAt(options);
  const out = options.out ?? `${file.replace(/\.pub$/, '')}-cert.pub`;
  if (options.force !== true) refuseForeign(out, authority.publicKey());
  const signer = await authority.signer(passphraseFrom(options));
  const issued = await issue(authority, signer, key, subject, fromNow(new Date(), length));
  replaceFile(out, `${issued.certificate}\n`);
  print(options, { ...issued, file: out }, describe(issued, subject, out));
}

/** A certificate of ours is renewed in its place; one of another authority may be what its owner is let in by. */
function refuseForeign(out: string, ours: SshPublicKey): void {
  if (!existsSync(out)) return;
  let from: string;
  try {
    const { caFingerprint } = parseCertificateLine(read(out).trim());
    if (caFingerprint === ours.fingerprint) return;
    from = `holds a certificate of another authority, ${caFingerprint}`;
  } catch {
    from = 'is there already, and holds no certificate';
  }
  throw new CannotSign(`${out} ${from}`, 'choose another file with --out, or replace it with --force');
}

function technician(file: string, options: SignOptions): { key: SshPublicKey; subject: Subject } {
  const { name, phone = null, org = null, title = null, role = ['technician'] } = options;
  if (name === undefined) {
    throw new CannotSign('whose key is it?', 'give the name as people shall see it: --name "Dana Reyes"');
  }
  const roles = role.flatMap((text) => text.split(',')).filter((text) => text !== '');
  return {
    key: publicKeyIn(file),
    subject: { kind: 'user', name, phone, organisation: org, title, roles: [...new Set(roles)] },
  };
}

function machine(request: EnrolmentRequest, { name }: SignOptions): { key: SshPublicKey; subject: Subject } {
  const { key, connectionId } = request;
  return { key, subject: { kind: 'host', name: name ?? request.name, connectionId } };
}

function publicKeyIn(file: string): SshPublicKey {
  const text = read(file);
  if (text.includes('PRIVATE KEY')) {
    throw new CannotSign(
      `${file} is a private key, which must never leave its owner`,
      'ask for the .pub file; treat this key as stolen',
    );
  }
  if (/^\S+ \S+ chaperone \d{9} /m.test(text)) {
    throw new CannotSign(`${file} is the request of a machine`, 'sign it with --machine');
  }
  try {
    return parsePublicLine(text.split('\n').find((line) => line.trim() !== '' && !line.startsWith('#')) ?? '');
  } catch (cause) {
    throw new CannotSign(`${file} holds no public key`, 'it is one line, such as chaperone whoami prints', cause);
  }
}

function readRequest(file: string): EnrolmentRequest {
  return parseEnrolmentRequest(read(file));
}

function read(file: string): string {
  try {
    if (statSync(file).size > FILE_MAX) {
      throw new CannotSign(`${file} is too large`, 'is it the right file?');
    }
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof CannotSign) {
      throw cause;
    }
    throw new CannotSign(`${file} cannot be read`, 'check the path', cause);
  }
}

function describe({ serial, keyId, principals, key, validBefore }: Issued, subject: Subject, out: string): string[] {
  const who =
    subject.kind === 'host'
      ? `the machine ${keyId} (${formatConnectionId(subject.connectionId)})`
      : `${keyId}, ${principals.join(' and ')}`;
  return [
    `Certificate ${serial} for ${who}, until ${validBefore.slice(0, 16).replace('T', ' ')} UTC`,
    `  key  ${key}`,
    `  file ${out}`,
    subject.kind === 'host'
      ? `Give it back to the machine, with ca.pub: chaperoned enrol --certificate ${out} --ca ca.pub`
      : 'Give it back to the technician, who keeps it beside the key.',
  ];
}
