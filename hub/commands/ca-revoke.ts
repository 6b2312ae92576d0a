// `chaperone-hub ca revoke`: takes a certificate or a key back, and writes the signed list for the machines.

import { existsSync, readFileSync } from 'node:fs';
import { parseCertificateLine } from '../../protocol/identity/certificate.ts';
import { parsePublicLine, type SshPublicKey } from '../../protocol/identity/public-key.ts';
import { signatureHolds } from '../../protocol/identity/signature.ts';
import { CannotSign } from '../authority/errors.ts';
import type { LedgerEntry } from '../authority/ledger.ts';
import { revoke, revokedIn, type Target } from '../authority/revoke.ts';
import { authorityAt, type DirectoryOptions } from './authority-at.ts';
import { type OutputOptions, print } from './output.ts';
import { type PassphraseOptions, passphraseFrom } from './passphrase.ts';

const REASON_MAX = 200; // characters; as the ledger

export interface RevokeOptions extends OutputOptions, PassphraseOptions, DirectoryOptions {
  readonly reason?: string;
  readonly krl?: boolean;
}

/** Without `what` the list is only written anew, such as the first, empty one. */
export async function revokeCommand(what: string | undefined, options: RevokeOptions): Promise<void> {
  const authority = authorityAt(options);
  const target = what === undefined ? null : targetOf(what, authority.publicKey());
  const signer = await authority.signer(passphraseFrom(options));
  const reason = (options.reason ?? '').slice(0, REASON_MAX);
  const files = await revoke(authority, signer, target, { reason, krl: options.krl === true });
  const keyLeft = target !== null && 'serial' in target ? keyLeftBy(target.serial, authority.entries()) : null;
  print(options, { target, reason, keyLeft, ...files }, [
    target === null
      ? 'The list was written anew.'
      : `${'serial' in target ? `Certificate ${target.serial}` : `The key ${target.key}`} is taken back.`,
    `Copy ${files.list} and ${files.list}.sig to each machine, where its policy names the list under organisation.revocations.`,
    'A machine that runs notices by itself, and ends the sessions of whoever is on it.',
    ...(keyLeft === null
      ? []
      : [
          `This took back the certificate, not its key: a machine that also lists ${keyLeft} under technicians still lets it in.`,
          `Where the key is lost, take it back as well: chaperone-hub ca revoke ${keyLeft}`,
        ]),
  ]);
}

/** The key of a technician's certificate, which machines may list by itself; null when it is taken back, too. */
function keyLeftBy(serial: string, entries: readonly LedgerEntry[]): string | null {
  const issued = entries.flatMap((entry) => (entry.event === 'issued' && entry.serial === serial ? [entry] : []));
  const { fingerprints } = revokedIn(entries);
  return issued.find(({ kind, key }) => kind === 'user' && !fingerprints.includes(key))?.key ?? null;
}

/** A serial, a fingerprint, a `.pub` file or a `-cert.pub` file. @throws CannotSign */
function targetOf(what: string, ca: SshPublicKey): Target {
  if (/^\d{1,20}$/.test(what)) {
    return { serial: String(BigInt(what)) };
  }
  if (/^SHA256:[A-Za-z0-9+/]{43}$/.test(what)) {
    return { key: what };
  }
  if (!existsSync(what)) {
    throw new CannotSign(
      `${JSON.stringify(what)} is neither a number, a fingerprint nor a file`,
      'name the number of a certificate (chaperone-hub ca list), SHA256:…, or a .pub file',
    );
  }
  const line = readFileSync(what, 'utf8').split('\n', 1)[0] ?? '';
  if (!/^\S+-cert-v01@/.test(line)) {
    return { key: parsePublicLine(line).fingerprint };
  }
  const certificate = parseCertificateLine(line);
  // Its number would name another certificate of this authority.
  if (!ca.blob.equals(certificate.caBlob) || !signatureHolds(ca, certificate.signed, certificate.signature)) {
    throw new CannotSign(
      `${what} was not given out by this authority`,
      `it is signed by ${certificate.caFingerprint}, and this authority is ${ca.fingerprint}: --dir names another`,
    );
  }
  return { serial: String(certificate.serial) };
}
