// Takes certificates and keys back: into the ledger first, then into the signed list that machines read.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { takeTurn } from '../../protocol/directory-turn.ts';
import { formatRevocationText } from '../../protocol/identity/revocation-text.ts';
import type { SshSigner } from '../../protocol/identity/signature.ts';
import { NAMESPACES, signSshsig } from '../../protocol/identity/sshsig.ts';
import { type Authority, replaceFile } from './authority.ts';
import { CannotSign } from './errors.ts';
import { appendLedger, type LedgerEntry, Revoked } from './ledger.ts';
import { writeKrl } from './write-krl.ts';

/** One certificate by its number, or a key with all its certificates. */
export type Target = { readonly serial: string } | { readonly key: string };

export interface RevocationFiles {
  readonly list: string;
  /** OpenSSH's own format; null unless it was asked for. */
  readonly krl: string | null;
  readonly sequence: string;
}

/** What the ledger says is taken back. */
export function revokedIn(entries: readonly LedgerEntry[]): {
  readonly serials: bigint[];
  readonly fingerprints: string[];
} {
  const revoked = entries.flatMap((entry) => (entry.event === 'revoked' ? [entry] : []));
  return {
    serials: [...new Set(revoked.flatMap(({ serial }) => (serial === null ? [] : [BigInt(serial)])))],
    fingerprints: [...new Set(revoked.flatMap(({ key }) => key ?? []))],
  };
}

/**
 * Adds `target` (null adds nothing) and writes the list anew.
 *
 * @throws CannotSign when no such certificate was ever given out
 */
export async function revoke(
  authority: Authority,
  signer: SshSigner,
  target: Target | null,
  { reason, krl }: { readonly reason: string; readonly krl: boolean },
): Promise<RevocationFiles> {
  await using _ = await takeTurn(authority.directory);
  if (target !== null) {
    const before = authority.entries();
    const serial = 'serial' in target ? target.serial : null;
    if (serial !== null && !before.some((entry) => entry.event === 'issued' && entry.serial === serial)) {
      throw new CannotSign(`there is no certificate ${serial}`, 'see which there are: chaperone-hub ca list');
    }
    const key = 'key' in target ? target.key : null;
    const at = new Date().toISOString();
    appendLedger(authority.ledgerFile, Revoked.parse({ v: 1, event: 'revoked', at, serial, key, reason }));
  }
  const entries = authority.entries();
  const { serials, fingerprints } = revokedIn(entries);
  const issued = new Date();
  const ranges = serials.map((serial) => ({ first: serial, last: serial }));
  const list = join(authority.directory, 'revocations');
  const sequence = nextSequence(list, issued);
  await writeSigned(
    list,
    Buffer.from(formatRevocationText({ sequence, issued, serials: ranges, fingerprints })),
    signer,
  );
  const krlFile = krl ? `${list}.krl` : null;
  if (krlFile !== null) {
    await writeSigned(
      krlFile,
      writeKrl({ sequence, issued, ca: signer.publicKey.blob, serials, fingerprints }),
      signer,
    );
  }
  return { list, krl: krlFile, sequence: String(sequence) };
}

/** Rises with every issue, also within a second, and after the directory was restored from a backup. */
function nextSequence(list: string, now: Date): bigint {
  const [, last = '0'] = existsSync(list) ? (/^sequence (\d{1,19})$/m.exec(readFileSync(list, 'utf8')) ?? []) : [];
  const seconds = BigInt(Math.floor(now.getTime() / 1000));
  return BigInt(last) >= seconds ? BigInt(last) + 1n : seconds;
}

/** The signature first: a machine that reads in between finds one that does not fit, and keeps what it had. */
async function writeSigned(file: string, bytes: Buffer, signer: SshSigner): Promise<void> {
  replaceFile(`${file}.sig`, await signSshsig(bytes, NAMESPACES.revocation, signer));
  replaceFile(file, bytes);
}
