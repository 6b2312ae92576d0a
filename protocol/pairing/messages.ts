// What travels for pairing inside keyboard-interactive: an offer, an answer, a confirmation. Bytes are base64.

import { z } from 'zod';
import { ConversationStatus } from '../conversation.ts';

/** The `name` field of the information request that carries a {@link PairingOffer}, and its one prompt. */
export const PAIRING_NAME = 'chaperone-pairing';
export const PAIRING_PROMPT = 'Pairing: ';
/** The `name` field of the request that carries a {@link PairingConfirmation} and asks for the technician's request. */
export const PAIRED_NAME = 'chaperone-paired';

export const EXCHANGE_BYTES = 16; // SSH's session identifier is in the channel already; this tells its tries apart
const SHARE_BYTES = 32; // a point of ristretto255
const TAG_BYTES = 64; // HMAC-SHA-512

/** Exactly `length` bytes, in the one base64 form that they have. */
function bytes(length: number) {
  return z
    .string()
    .length(Math.ceil(length / 3) * 4)
    .transform((text, context): Uint8Array => {
      const decoded = Buffer.from(text, 'base64');
      if (decoded.length !== length || decoded.toString('base64') !== text) {
        context.addIssue({ code: 'custom', message: `not the base64 of ${length} bytes` });
        return z.NEVER;
      }
      return decoded;
    });
}

/** Machine → technician. `status` is `welcome`, or `wrong-code` after a try that failed. */
export const PairingOffer = z.strictObject({
  v: z.literal(1),
  status: ConversationStatus,
  exchange: bytes(EXCHANGE_BYTES),
  share: bytes(SHARE_BYTES),
});
export type PairingOffer = z.infer<typeof PairingOffer>;

/**
 * Technician → machine. `again` asks for an offer made now: the code may have changed while it was typed. It is no try.
 */
export const PairingAnswer = z.union([
  z.strictObject({ v: z.literal(1), share: bytes(SHARE_BYTES), tag: bytes(TAG_BYTES) }),
  z.strictObject({ v: z.literal(1), again: z.literal(true) }),
]);
export type PairingAnswer = z.infer<typeof PairingAnswer>;

/** Machine → technician, after a right answer and never after a wrong one. */
export const PairingConfirmation = z.strictObject({ v: z.literal(1), tag: bytes(TAG_BYTES) });
export type PairingConfirmation = z.infer<typeof PairingConfirmation>;
