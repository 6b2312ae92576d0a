// What both sides of a pairing build alike: CPace's terms from ours, and messages as JSON holds them.

import type { CpaceTerms } from './cpace.ts';
import { channelIdentifier, type PairingTerms } from './terms.ts';

/** `code` in canonical form. */
export function cpaceTerms(code: string, exchange: Uint8Array, terms: PairingTerms): CpaceTerms {
  return { secret: Buffer.from(code), channel: channelIdentifier(terms), exchange };
}

/** A message as JSON holds it. */
export type Encoded<T> = { readonly [Key in keyof T]: T[Key] extends Uint8Array ? string : T[Key] };

export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
