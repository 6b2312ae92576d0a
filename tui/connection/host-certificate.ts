// Whether an authority that the technician trusts vouches for the machine that answers, under the number that is meant.

import { formatConnectionId, isConnectionId } from '../../protocol/connection-id.ts';
import type { Certificate } from '../../protocol/identity/certificate.ts';
import type { CertificateRefusal } from '../../protocol/identity/certificate-refusal.ts';
import { checkCertificate } from '../../protocol/identity/check-certificate.ts';
import { parsePublicKey } from '../../protocol/identity/public-key.ts';
import type { HostFindings } from '../known-hosts/known-hosts.ts';
import { WrongMachine } from './errors.ts';

export interface HostCertificateFacts {
  /** The key that the machine proved. */
  readonly key: Buffer;
  /** Nine digits, if the technician named it so. */
  readonly connectionId: string | null;
  readonly certificate: Certificate | null;
  readonly authorities: HostFindings;
  readonly now: Date;
}

/**
 * The connection ID that the certificate proves; null without a certificate, and when nobody whom the technician trusts
 * has signed it: then it says no more than the key alone.
 *
 * @throws WrongMachine when a trusted authority signed it, and it is not for this machine or not good now
 */
export function judgeHostCertificate({
  key,
  connectionId,
  certificate,
  authorities,
  now,
}: HostCertificateFacts): string | null {
  const ca = certificate?.caBlob;
  if (certificate === null || ca === undefined || !authorities.authorities.some((line) => line.key?.equals(ca))) {
    return null;
  }
  if (authorities.revoked.some((line) => line.key?.equals(ca))) {
    throw new WrongMachine(
      `the authority ${certificate.caFingerprint} must not be trusted any more`,
      'tell whoever looks after your known_hosts; do not go on',
    );
  }
  if (!certificate.key.blob.equals(key)) {
    throw new WrongMachine(
      'the machine shows the certificate of another key',
      'somebody may be in between: call the person at a number that you know',
    );
  }
  const principals = connectionId === null ? certificate.principals.filter(isConnectionId) : [connectionId];
  const verdict = checkCertificate(certificate, {
    cas: [parsePublicKey(ca)],
    now,
    kind: 'host',
    principals,
    address: null,
    revoked: () => null,
  });
  if (!verdict.believed) {
    throw refusal(verdict.reason, verdict.detail, connectionId);
  }
  return verdict.principals[0] ?? null;
}

function refusal(reason: CertificateRefusal, detail: string, connectionId: string | null): WrongMachine {
  switch (reason) {
    case 'wrong-principal':
      return new WrongMachine(
        `the certificate of the machine does not name ${connectionId === null ? 'any machine' : formatConnectionId(connectionId)}: ${detail}`,
        'check the connection ID and the address with the person: another machine answers',
      );
    case 'expired':
      return new WrongMachine(
        `the certificate of the machine has run out: ${detail}`,
        'its administrator has it signed anew: chaperoned enrol',
      );
    case 'not-yet-valid':
      return new WrongMachine(
        `the certificate of the machine is not valid yet: ${detail}`,
        'is the clock of this computer right?',
      );
    default:
      return new WrongMachine(
        `the certificate of the machine is not good: ${detail}`,
        'do not go on; tell whoever looks after the machine',
      );
  }
}
