// OpenSSH's way to name a public key, as people compare it over the phone.

import { createHash } from 'node:crypto';

const WRITTEN = /^SHA256:[A-Za-z0-9+/]{43}$/;

/** @param blob public key as in RFC 4253 §6.6 */
export function fingerprintOf(blob: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

export function isFingerprint(text: string): boolean {
  return WRITTEN.test(text);
}
