// How a test's technician proves the code: by `chaperone`'s own side of the pairing, over whatever client it plays.

import { createHash } from 'node:crypto';
import type { Client } from 'ssh2';
import { parseOneTimeCode } from '../../protocol/one-time-code.ts';
import { PairingOffer } from '../../protocol/pairing/messages.ts';
import { answerOffer } from '../../protocol/pairing/technician-side.ts';
import { sessionIdentifier } from '../../protocol/ssh-handlers.ts';

export interface PairingTechnician {
  readonly client: Client;
  /** What the machine proved, as its blob. */
  readonly hostKey: Uint8Array;
  /** The line of the technician's key. */
  readonly publicKey: string;
  readonly code: string;
}

/** The answer to an offer as it came. */
export function answerPairing(instruction: string, { client, hostKey, publicKey, code }: PairingTechnician): string {
  const offer = PairingOffer.parse(JSON.parse(instruction));
  const answered = answerOffer(offer, canonical(code), {
    hostKey: fingerprintOf(hostKey),
    technicianKey: fingerprintOf(Buffer.from(publicKey.split(' ')[1] ?? '', 'base64')),
    sshSession: sessionIdentifier(client),
    connectionId: offer.status.machine.id,
  });
  if (answered === null) throw new Error('the machine offered no point');
  return answered.answer;
}

/** A test may prove what no person could read out. */
function canonical(code: string): string {
  try {
    return parseOneTimeCode(code);
  } catch {
    return code;
  }
}

function fingerprintOf(blob: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}
