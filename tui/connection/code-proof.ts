// How this program proves the one-time code: to the machine that it is connected to, once for each code that somebody
// typed, and never as text. Whoever sits in between gets one guess for it and nothing that helps with the next.

import { parseOneTimeCode } from '../../protocol/one-time-code.ts';
import { PairingConfirmation, PairingOffer } from '../../protocol/pairing/messages.ts';
import type { Answered } from '../../protocol/pairing/technician-side.ts';
import type { PairingTerms } from '../../protocol/pairing/terms.ts';
import { parseAtTheDoor } from './door.ts';
import { PairingFailed, ProtocolBroken } from './errors.ts';

const TRIES_MAX = 3; // as many as a machine gives to one code; who offers more is guessing

/** What the SSH connection says about both ends. */
export type ConnectionTerms = Omit<PairingTerms, 'connectionId'>;

/** Asks for an offer made now: a code that was typed in the meantime may be newer than the one before. */
export const AGAIN = JSON.stringify({ v: 1, again: true });

/** Loads what computes: kept out of the way of the first byte, and begun while the network works. */
export async function loadPairing(): Promise<typeof import('../../protocol/pairing/technician-side.ts')> {
  return import('../../protocol/pairing/technician-side.ts');
}

export class CodeProof {
  readonly #terms: ConnectionTerms;
  #tries = 0;
  #answered: Answered | null = null;
  #proven = false;

  constructor(terms: ConnectionTerms) {
    this.#terms = terms;
  }

  /** Whether the machine has proven that it knows the code that was given last. */
  get proven(): boolean {
    return this.#proven;
  }

  /** The machine's key, for a person to compare. */
  get hostKey(): string {
    return this.#terms.hostKey;
  }

  /** @throws ProtocolBroken */
  parseOffer(instruction: string): PairingOffer {
    const offer = parseAtTheDoor(PairingOffer, instruction, 'an offer to pair');
    const { state } = offer.status;
    if (this.#proven || (state !== 'welcome' && state !== 'wrong-code')) {
      throw new ProtocolBroken('the machine offers to pair at the wrong time');
    }
    return offer;
  }

  /** The answer to send. @throws OneTimeCodeError when `typed` is no code of any machine; nothing was sent then */
  async answer(offer: PairingOffer, typed: string): Promise<string> {
    const code = parseOneTimeCode(typed);
    this.#tries += 1;
    if (this.#tries > TRIES_MAX) {
      throw new PairingFailed('no code that was typed fits this machine', this.#terms.hostKey);
    }
    const { answerOffer } = await loadPairing();
    this.#answered = answerOffer(offer, code, { ...this.#terms, connectionId: offer.status.machine.id });
    if (this.#answered === null) {
      throw new ProtocolBroken('the machine offers to pair with something that is no key');
    }
    return this.#answered.answer;
  }

  /** @throws PairingFailed when the machine does not prove that it knows the code: nothing more is said to it */
  confirm(instruction: string): void {
    const confirmation = parseAtTheDoor(PairingConfirmation, instruction, 'a confirmation');
    if (this.#answered?.confirms(confirmation) !== true) {
      throw new PairingFailed('the machine does not prove that it knows the code', this.#terms.hostKey);
    }
    this.#answered = null;
    this.#proven = true;
  }
}
