// OpenSSH's way to name a key: `SHA256:` and base64 without padding.

import { createHash } from 'node:crypto';

/** @param blob public key as in RFC 4253 §6.6 */
export function fingerprintOf(blob: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}
