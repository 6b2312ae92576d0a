// The machine's side of one try to pair. It speaks first, with a share that tells nothing about the code, and proves
// itself only to who has proven the code: who hangs up before answering has learned nothing, and has had no try.

import { randomBytes } from 'node:crypto';
import type { ConversationStatus } from '../conversation.ts';
import { ChaperoneError } from '../errors.ts';
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
import { EXCHANGE_BYTES, type PairingConfirmation, type PairingOffer } from './messages.ts';
import { type PairingTerms, partyData } from './terms.ts';

export class MachineSide {
  /** What the other side must know, in canonical form. */
  readonly code: string;
  readonly #own: CpaceMessage;
  readonly #technicianData: Uint8Array;
  readonly #exchange: Uint8Array;
  #scalar: bigint | null;

  constructor(code: string, terms: PairingTerms) {
    this.code = code;
    this.#exchange = randomBytes(EXCHANGE_BYTES);
    this.#technicianData = partyData('technician', terms);
    this.#scalar = newScalar();
    const share = shareOf(this.#scalar, cpaceTerms(code, this.#exchange, terms));
    if (share === null) {
      throw new ChaperoneError('no share could be made for pairing'); // 1 in 2^252: connect again
    }
    this.#own = { share, data: partyData('machine', terms) };
  }

  /** The offer to send, with where things stand. */
  offer(status: ConversationStatus): string {
    return JSON.stringify({
      v: 1,
      status,
      exchange: toBase64(this.#exchange),
      share: toBase64(this.#own.share),
    } satisfies Encoded<PairingOffer>);
  }

  /**
   * The confirmation to send when the answer proves the code; null when it does not. Judges one answer: a second one
   * would be a second guess.
   */
  judge(answer: { readonly share: Uint8Array; readonly tag: Uint8Array }): string | null {
    const scalar = this.#scalar;
    this.#scalar = null;
    const product = scalar === null ? null : multiply(scalar, answer.share);
    if (product === null) {
      return null;
    }
    const theirs: CpaceMessage = { share: answer.share, data: this.#technicianData };
    const secret = sharedSecret(this.#exchange, product, transcript(this.#own, theirs));
    const right = sameTag(answer.tag, confirmationTag(this.#exchange, secret, theirs));
    const tag = confirmationTag(this.#exchange, secret, this.#own);
    secret.fill(0);
    return right ? JSON.stringify({ v: 1, tag: toBase64(tag) } satisfies Encoded<PairingConfirmation>) : null;
  }
}
