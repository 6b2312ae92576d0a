// Every certificate that the authority gave out and every one that it took back, one line of JSON each, never changed.

import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { z } from 'zod';
import { LedgerDamaged } from './errors.ts';

const FILE_MODE = 0o600; // names and phone numbers of technicians
const FILE_MAX = 256 * 1024 * 1024; // characters; some hundred thousand certificates

const Serial = z.string().regex(/^\d{1,20}$/);
const Fingerprint = z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/);

export const Issued = z.strictObject({
  v: z.literal(1),
  event: z.literal('issued'),
  at: z.iso.datetime(),
  serial: Serial,
  kind: z.enum(['user', 'host']),
  keyId: z.string().max(200),
  principals: z.array(z.string().max(100)).max(64),
  key: Fingerprint,
  validAfter: z.iso.datetime(),
  validBefore: z.iso.datetime(),
  /** As in a `-cert.pub` file. */
  certificate: z.string().max(64 * 1024),
});
export type Issued = z.infer<typeof Issued>;

export const Revoked = z.strictObject({
  v: z.literal(1),
  event: z.literal('revoked'),
  at: z.iso.datetime(),
  /** One of the two. */
  serial: Serial.nullable(),
  key: Fingerprint.nullable(),
  reason: z.string().max(200),
});
export type Revoked = z.infer<typeof Revoked>;

const Entry = z.discriminatedUnion('event', [Issued, Revoked]);
export type LedgerEntry = z.infer<typeof Entry>;

/**
 * In the order in which they were written. A torn last line is left out: its writer was stopped before the certificate
 * was handed out, and nobody must be kept from revoking by it.
 * @throws LedgerDamaged
 */
export function readLedger(file: string): LedgerEntry[] {
  const text = readFileSync(file, 'utf8');
  if (text.length > FILE_MAX) {
    throw new LedgerDamaged(file, text.split('\n').length);
  }
  return text
    .split('\n')
    .slice(0, -1)
    .map((line, index) => {
      try {
        return Entry.parse(JSON.parse(line));
      } catch (cause) {
        throw new LedgerDamaged(file, index + 1, cause);
      }
    });
}

/** Adds a line, on the disk when this returns. The caller holds the turn. */
export function appendLedger(file: string, entry: LedgerEntry): void {
  const whole = wholeLines(file);
  const handle = openSync(file, 'a', FILE_MODE);
  try {
    ftruncateSync(handle, whole);
    writeSync(handle, `${JSON.stringify(entry)}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Bytes up to the end of the last whole line. */
function wholeLines(file: string): number {
  return readFileSync(file).lastIndexOf('\n') + 1;
}

/** The certificate of another key that still speaks for this machine; null when there is none. */
export function othersFor(
  entries: readonly LedgerEntry[],
  connectionId: string,
  key: string,
  now: Date,
): Issued | null {
  const revoked = entries.filter((entry) => entry.event === 'revoked');
  const holds = (issued: Issued): boolean =>
    new Date(issued.validBefore) > now &&
    !revoked.some(({ serial, key: taken }) => serial === issued.serial || taken === issued.key);
  const others = entries.filter((entry) => entry.event === 'issued');
  return (
    others.find(
      (issued) =>
        issued.kind === 'host' && issued.principals.includes(connectionId) && issued.key !== key && holds(issued),
    ) ?? null
  );
}

/** One more than the highest that was ever given. */
export function nextSerial(entries: readonly LedgerEntry[]): bigint {
  let highest = 0n;
  for (const entry of entries) {
    if (entry.event === 'issued' && BigInt(entry.serial) > highest) {
      highest = BigInt(entry.serial);
    }
  }
  return highest + 1n;
}
