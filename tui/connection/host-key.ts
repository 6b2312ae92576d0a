// Whether the machine that answers is the one that is meant (a table without side effects; its caller asks and pins).

import { formatConnectionId } from '../../protocol/connection-id.ts';
import type { KnownMachine } from '../records/machines.ts';
import { WrongMachine } from './errors.ts';

export interface HostKeyFacts {
  /** What the machine proved. */
  readonly fingerprint: string;
  /** Nine digits, if the technician named it so. */
  readonly connectionId: string | null;
  /** `host:port` that was reached. */
  readonly address: string;
  /** What the technician says the key must be, as read over the phone; null without. */
  readonly expected: string | null;
  readonly known: readonly KnownMachine[];
}

export type HostKeyVerdict =
  /** Met before under this key. */
  | { readonly kind: 'known'; readonly machine: KnownMachine }
  /** Never met; a person has to vouch for it. */
  | { readonly kind: 'unknown' }
  /** The technician vouched for it; `replaces` are records that this key makes invalid. */
  | { readonly kind: 'vouched'; readonly machine: KnownMachine | null; readonly replaces: readonly KnownMachine[] };

/** @throws WrongMachine when it is another than the one that was met, or named */
export function judgeHostKey(facts: HostKeyFacts): HostKeyVerdict {
  const { fingerprint, connectionId, address, expected, known } = facts;
  const same = known.find((machine) => machine.fingerprint === fingerprint) ?? null;
  const met = known.filter((machine) =>
    connectionId === null ? machine.addresses[0] === address : machine.connectionId === connectionId,
  );
  const replaces = met.filter((machine) => machine !== same);

  if (expected !== null) {
    if (expected !== fingerprint) {
      throw new WrongMachine(
        `the machine's key is ${fingerprint}, not ${expected}`,
        'stop here: compare it once more with what the person sees under chaperoned status',
      );
    }
    return { kind: 'vouched', machine: same, replaces };
  }
  if (same !== null && connectionId !== null && same.connectionId !== null && same.connectionId !== connectionId) {
    throw new WrongMachine(
      `at ${address} answers ${nameOf(same)}, not ${formatConnectionId(connectionId)}`,
      'check the connection ID and the address with the person',
    );
  }
  if (same !== null && (replaces.length === 0 || met.includes(same))) {
    return { kind: 'known', machine: same };
  }
  const [before] = replaces;
  if (before !== undefined) {
    throw changed(before, fingerprint, same);
  }
  return { kind: 'unknown' };
}

/** Both fingerprints, and what to do: somebody may be in between. */
function changed(before: KnownMachine, fingerprint: string, same: KnownMachine | null): WrongMachine {
  const now = same === null ? 'it has another key now' : `now ${nameOf(same)} answers there`;
  return new WrongMachine(
    `this was ${nameOf(before)} with the key ${before.fingerprint}; ${now}: ${fingerprint}`,
    'somebody may be in between: call the person at a number that you know and compare with chaperoned status; ' +
      `only if it is the same there: --fingerprint ${fingerprint}`,
  );
}

function nameOf({ name, connectionId, addresses }: KnownMachine): string {
  const id = connectionId === null ? (addresses[0] ?? '') : formatConnectionId(connectionId);
  return name === '' ? id : `${name} (${id})`;
}
