// How a session ended, in words and as an exit code: the same with the dashboard and without.

import { EXIT, type ExitCode } from '../../protocol/errors.ts';
import type { SessionSnapshot } from '../dashboard/ports.ts';

export interface Ending {
  readonly code: ExitCode;
  readonly byTechnician: boolean;
  /** Why it ended, and what stands behind the receipt. */
  readonly words: readonly string[];
}

/** Of a session that is over. */
export function endingOf(snapshot: SessionSnapshot, session: string): Ending {
  const { because, receipt, endAsked = false } = snapshot;
  // Both may end it at the same moment, and the shell closes before the word comes why: the machine knows who was first.
  const endedBy = receipt?.endedBy ?? null;
  const byTechnician = endedBy === null ? endAsked : endedBy === 'technician';
  const forged = receipt !== null && receipt.verified !== true;
  const code = forged ? EXIT.verification : byTechnician ? EXIT.ok : EXIT.ended;
  return { code, byTechnician, words: [because, receiptWords(receipt, session)] };
}

function receiptWords(receipt: SessionSnapshot['receipt'], session: string): string {
  if (receipt === null) {
    return 'no receipt came: the connection broke before the machine could send it';
  }
  return receipt.verified === true
    ? `the receipt is signed by the machine: chaperone receipt ${session}`
    : `the receipt does not verify: ${receipt.verified.problem}`;
}
