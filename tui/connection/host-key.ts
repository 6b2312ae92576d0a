// Whether the machine that answers is the one that is meant (a table without side effects; its caller asks and pins).

import { formatConnectionId } from '../../protocol/connection-id.ts';
import { ChaperoneError, EXIT } from '../../protocol/errors.ts';
import type { Certificate } from '../../protocol/identity/certificate.ts';
import { fingerprintOf } from '../../protocol/identity/public-key.ts';
import type { HostFindings, KnownHostsLine } from '../known-hosts/known-hosts.ts';
import type { KnownMachine } from '../records/machines.ts';
import { WrongMachine } from './errors.ts';
import { judgeHostCertificate } from './host-certificate.ts';

export interface HostKeyFacts {
  /** What the machine proved, in SSH wire format. */
  readonly key: Buffer;
  /** Nine digits, if the technician named it so. */
  readonly connectionId: string | null;
  /** `host:port` that was reached. */
  readonly address: string;
  /** What the technician says the key must be, as read over the phone; null without. */
  readonly expected: string | null;
  /** What known_hosts says about the connection ID if there is one, else about the address. */
  readonly meant: HostFindings;
  /** What it says about either. */
  readonly either: HostFindings;
  /** Lines with this key, whatever their names. */
  readonly sameKey: readonly KnownHostsLine[];
  /** Names and numbers, to speak of machines. */
  readonly met: readonly KnownMachine[];
  /** What the machine showed for its key; null without. */
  readonly certificate: Certificate | null;
  /** Who may vouch for the machine, by any of its names and those in the certificate. */
  readonly authorities: HostFindings;
  readonly now: Date;
}

export type HostKeyVerdict =
  /** Pinned with this key. */
  | { readonly kind: 'known' }
  /** Never met; a person has to vouch for it. */
  | { readonly kind: 'unknown' }
  /** An authority that the technician trusts vouches for the key and this connection ID; other keys lose its names. */
  | { readonly kind: 'certified'; readonly connectionId: string }
  /** The technician vouched for it; other keys lose its names. */
  | { readonly kind: 'vouched' };

/** @throws WrongMachine when it is another than the one that was met, or named */
export function judgeHostKey(facts: HostKeyFacts): HostKeyVerdict {
  const { key, connectionId, address, expected, meant, either, met } = facts;
  const fingerprint = fingerprintOf(key);
  refuseDamaged(either);
  refuseRevoked(either, key, fingerprint);
  const certified = judgeHostCertificate(facts);
  if (expected !== null) {
    if (expected !== fingerprint) {
      throw new WrongMachine(
        `the machine's key is ${fingerprint}, not ${expected}`,
        'stop here: compare it once more with what the person sees under chaperoned status',
      );
    }
    return { kind: 'vouched' };
  }
  const same = met.find((machine) => machine.fingerprint === fingerprint) ?? null;
  if (same !== null && connectionId !== null && same.connectionId !== null && same.connectionId !== connectionId) {
    throw new WrongMachine(
      `at ${address} answers ${nameOf(same)}, not ${formatConnectionId(connectionId)}`,
      'check the connection ID and the address with the person',
    );
  }
  if (certified !== null) {
    return { kind: 'certified', connectionId: certified };
  }
  if (meant.pins.some((line) => line.key?.equals(key))) {
    return { kind: 'known' };
  }
  const [before] = meant.pins;
  if (before !== undefined) {
    throw changed(before, fingerprint, facts);
  }
  return { kind: facts.sameKey.length > 0 ? 'known' : 'unknown' };
}

function refuseDamaged({ damaged: [line] }: HostFindings): void {
  if (line !== undefined) {
    throw new ChaperoneError(`line ${line.number} of ${line.file}, which is about this machine, is damaged`, {
      exitCode: EXIT.verification,
      hint: 'restore the line, or remove it and compare the fingerprint anew at the next connection',
    });
  }
}

function refuseRevoked({ revoked }: HostFindings, key: Buffer, fingerprint: string): void {
  const line = revoked.find((candidate) => candidate.key?.equals(key));
  if (line !== undefined) {
    throw new WrongMachine(
      `the key ${fingerprint} must not be trusted any more (line ${line.number} of ${line.file})`,
      'somebody may use a stolen key: end the call, and tell whoever looks after the machine',
    );
  }
}

/** Both fingerprints, and what to do: somebody may be in between. */
function changed(
  before: KnownHostsLine,
  fingerprint: string,
  { address, connectionId, met }: HostKeyFacts,
): WrongMachine {
  const old = before.key === null ? '' : fingerprintOf(before.key);
  const was = met.find((machine) => machine.fingerprint === old) ?? null;
  const same = met.find((machine) => machine.fingerprint === fingerprint) ?? null;
  const name = was === null ? (connectionId === null ? address : formatConnectionId(connectionId)) : nameOf(was);
  const now = same === null ? 'it has another key now' : `now ${nameOf(same)} answers there`;
  return new WrongMachine(
    `this was ${name} with the key ${old} (line ${before.number} of ${before.file}); ${now}: ${fingerprint}`,
    'somebody may be in between: call the person at a number that you know and compare with chaperoned status; ' +
      `only if it is the same there: --fingerprint ${fingerprint}`,
  );
}

function nameOf({ name, connectionId, addresses }: KnownMachine): string {
  const id = connectionId === null ? (addresses[0] ?? '') : formatConnectionId(connectionId);
  return name === '' ? id : `${name} (${id})`;
}
