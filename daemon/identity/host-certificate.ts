// The certificate by which an organisation vouches for this machine: kept beside the host key, checked before it is taken.

import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatConnectionId } from '../../protocol/connection-id.ts';
import { ChaperoneError, EXIT } from '../../protocol/errors.ts';
import { type Certificate, formatCertificateLine, parseCertificateLine } from '../../protocol/identity/certificate.ts';
import type { CertificateRefusal } from '../../protocol/identity/certificate-refusal.ts';
import { checkCertificate } from '../../protocol/identity/check-certificate.ts';
import type { SshPublicKey } from '../../protocol/identity/public-key.ts';
import type { MachineKeys } from './machine-keys.ts';

const FILE_MODE = 0o600;

/** A host certificate is not good for this machine. */
export class HostCertificateRefused extends ChaperoneError {
  constructor(message: string, hint: string) {
    super(message, { exitCode: EXIT.verification, hint });
  }
}

export function hostCertificateFile(home: string): string {
  return join(home, 'identity', 'ssh_host_ed25519_key-cert.pub');
}

/** Of the machine's key, or null. @throws WireError when the file is damaged */
export function readHostCertificate(home: string): Certificate | null {
  const file = hostCertificateFile(home);
  return existsSync(file) ? parseCertificateLine(readFileSync(file, 'utf8').split('\n', 1)[0] ?? '') : null;
}

/** Keeps a certificate that was checked; a running daemon shows it from its next start on. */
export function keepHostCertificate(home: string, certificate: Certificate): string {
  const file = hostCertificateFile(home);
  writeFileSync(`${file}.new`, `${formatCertificateLine(certificate)}\n`, { mode: FILE_MODE, flush: true });
  renameSync(`${file}.new`, file);
  return file;
}

const HINTS: Partial<Record<CertificateRefusal, string>> = {
  'wrong-ca': 'name the public key of the authority that signed it: --ca FILE, or organisation.ca in the policy',
  'wrong-kind': 'sign it as a machine: chaperone-hub ca sign --machine, or ssh-keygen -s CA -h',
  expired: 'have the request signed anew: chaperoned enrol writes one',
  'not-yet-valid': 'is the clock of this computer right?',
};

/** @throws HostCertificateRefused when it is not for this machine, or not good now */
export function checkHostCertificate(
  certificate: Certificate,
  { hostKeyFingerprint, connectionId }: Pick<MachineKeys, 'hostKeyFingerprint' | 'connectionId'>,
  cas: readonly SshPublicKey[],
  now: Date,
): void {
  if (certificate.key.fingerprint !== hostKeyFingerprint) {
    throw new HostCertificateRefused(
      `the certificate is for the key ${certificate.key.fingerprint}, and this machine has ${hostKeyFingerprint}`,
      'it was made from the request of another machine, or before this one was set up anew: chaperoned enrol',
    );
  }
  const rules = { cas, now, kind: 'host', principals: [connectionId], address: null, revoked: () => null } as const;
  const verdict = checkCertificate(certificate, rules);
  if (!verdict.believed) {
    throw new HostCertificateRefused(
      `the certificate is not good: ${verdict.detail}`,
      HINTS[verdict.reason] ?? `it has to name ${connectionId} (${formatConnectionId(connectionId)}) as principal`,
    );
  }
}
