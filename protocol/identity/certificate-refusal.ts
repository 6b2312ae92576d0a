// Why a certificate, or a listed key, is not believed: one reason for each thing that can be wrong, and what its owner can do about it.

export const CERTIFICATE_REFUSALS = [
  'malformed',
  'wrong-ca',
  'bad-signature',
  'wrong-kind',
  'revoked',
  'revocations-unknown',
  'not-yet-valid',
  'expired',
  'unknown-critical-option',
  'wrong-address',
  'wrong-principal',
  'weak-signature',
] as const;
export type CertificateRefusal = (typeof CERTIFICATE_REFUSALS)[number];

/** Sentences for the technician whose certificate it is. `detail` is the judge's own finding, already clean. */
export function refusalWords(reason: CertificateRefusal, detail: string): string {
  switch (reason) {
    case 'malformed':
      return 'Your certificate cannot be read. Ask your organisation to make it again.';
    case 'wrong-ca':
      return `Your certificate is not from an organisation that this machine knows: it is ${detail}.`;
    case 'bad-signature':
      return 'Your certificate was changed after it was signed. Ask your organisation to make it again.';
    case 'wrong-kind':
      return 'Your certificate is one for machines. Technicians need a user certificate (ssh-keygen -s without -h).';
    case 'revoked':
      return 'Your organisation has taken your certificate or key back. Ask them for a new one.';
    case 'revocations-unknown':
      return 'This machine cannot read which certificates were taken back, so it takes none. Tell its administrator.';
    case 'not-yet-valid':
      return `Your certificate is not valid yet: ${detail}. If that time is wrong, the machine's clock must be set.`;
    case 'expired':
      return `Your certificate has expired: ${detail}. Ask your organisation for a new one, or check the machine's clock.`;
    case 'unknown-critical-option':
      return `Your certificate cannot be used on this machine: ${detail}.`;
    case 'wrong-address':
      return `Your certificate cannot be used from where you are: ${detail}.`;
    case 'wrong-principal':
      return `Your certificate gives no role that this machine knows: ${detail}.`;
    case 'weak-signature':
      return 'Your program signs with SHA-1, which can be forged. Use a newer one, or let it use rsa-sha2-256.';
  }
}
