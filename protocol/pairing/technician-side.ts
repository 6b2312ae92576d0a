// The technician's side of one try to pair. The answer lets whoever made the offer check one guess of the code, so a
// code is used for one answer; and nothing more is said to a machine that does not prove that it knows the code.

import {
  type CpaceMessage,
  confirmationTag,
  multiply,
  newScalar,
  sameTag,
  sharedSecret,
  shareOf,
  transcript,
} from './cpace.ts';
import { cpaceTerms, type Encoded, toBase64 } from './exchange.ts';
import type { PairingAnswer, PairingConfirmation, PairingOffer } from './messages.ts';
import { type PairingTerms, partyData } from './terms.ts';

export interface Answered {
  /** To send. */
  readonly answer: string;
  /** Whether the machine has proven that it knows the code. */
  readonly confirms: (confirmation: PairingConfirmation) => boolean;
}

/** `code` in canonical form. @returns null when the offer is none: its share is not a point, or the neutral one */
export function answerOffer(offer: PairingOffer, code: string, terms: PairingTerms): Answered | null {
  const { exchange } = offer;
  const machine: CpaceMessage = { share: offer.share, data: partyData('machine', terms) };
  const scalar = newScalar();
  const share = shareOf(scalar, cpaceTerms(code, exchange, terms));
  const product = multiply(scalar, machine.share);
  if (share === null || product === null) {
    return null;
  }
  const own: CpaceMessage = { share, data: partyData('technician', terms) };
  const secret = sharedSecret(exchange, product, transcript(machine, own));
  const tag = confirmationTag(exchange, secret, own);
  const expected = confirmationTag(exchange, secret, machine);
  secret.fill(0);
  return {
    answer: JSON.stringify({ v: 1, share: toBase64(share), tag: toBase64(tag) } satisfies Encoded<
      Exclude<PairingAnswer, { again: true }>
    >),
    confirms: (confirmation) => sameTag(confirmation.tag, expected),
  };
}
