// CPace (draft-irtf-cfrg-cpace) over ristretto255 with SHA-512: two sides that share a short secret prove it to each
// other, and whoever listens or sits between them learns nothing that helps to guess it. Who passes bytes on has one
// guess per exchange. Names in brackets are the draft's.

import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { ristretto255, ristretto255_hasher } from '@noble/curves/ed25519.js';
import { ChaperoneError } from '../errors.ts';
import { lengthValues } from './length-value.ts';

type RistrettoPoint = InstanceType<typeof ristretto255.Point>;

const DOMAIN = Buffer.from('CPaceRistretto255'); // [DSI]
const SECRET_DOMAIN = Buffer.from('CPaceRistretto255_ISK');
const TAG_DOMAIN = Buffer.from('CPaceMac');
const HASH_BLOCK = 128; // bytes of input that SHA-512 takes at a time [s_in_bytes]
const SCALAR_SEED = 64; // bytes; twice the group's order, so that the remainder is even to 2^-256

/** What both sides must have alike, or they do not agree. */
export interface CpaceTerms {
  /** The short secret [PRS]. */
  readonly secret: Uint8Array;
  /** Who talks to whom over what [CI]. */
  readonly channel: Uint8Array;
  /** Of this exchange alone [sid]. */
  readonly exchange: Uint8Array;
}

/** One side's message with what is said about the sender: its share [Y] and associated data [AD]. */
export interface CpaceMessage {
  readonly share: Uint8Array;
  readonly data: Uint8Array;
}

/** [generator_string]: the secret fills the first block of the hash, whatever its length. */
export function generatorString({ secret, channel, exchange }: CpaceTerms): Buffer {
  const padding = Math.max(0, HASH_BLOCK - 1 - lengthValues(secret).length - lengthValues(DOMAIN).length);
  return lengthValues(DOMAIN, secret, Buffer.alloc(padding), channel, exchange);
}

/** [calculate_generator]: nobody knows how two generators relate, so a share tells nothing about the secret. */
export function generatorOf(terms: CpaceTerms): Uint8Array {
  return generatorPoint(terms).toBytes();
}

/** [Y], the same as {@link multiply} by the encoded generator; null as there. */
export function shareOf(scalar: bigint, terms: CpaceTerms): Uint8Array | null {
  return productOf(scalar, generatorPoint(terms));
}

function generatorPoint(terms: CpaceTerms): RistrettoPoint {
  const point = ristretto255_hasher.deriveToCurve?.(sha512(generatorString(terms)));
  if (point === undefined) {
    throw new ChaperoneError('this version of @noble/curves cannot be used (deriveToCurve is missing)', {
      hint: 'install the version that package.json names',
    });
  }
  return point;
}

/** [sample_scalar] */
export function newScalar(): bigint {
  const seed = randomBytes(SCALAR_SEED);
  const order = ristretto255.Point.Fn.ORDER;
  const scalar = (BigInt(`0x${seed.toString('hex')}`) % (order - 1n)) + 1n;
  seed.fill(0);
  return scalar;
}

/**
 * [scalar_mult_vfy]
 *
 * @returns null where the draft says to abort: `point` is none, or the product is the neutral element
 */
export function multiply(scalar: bigint, point: Uint8Array): Uint8Array | null {
  try {
    return productOf(scalar, ristretto255.Point.fromBytes(point));
  } catch {
    return null; // not 32 bytes, not canonical, not on the curve
  }
}

function productOf(scalar: bigint, point: RistrettoPoint): Uint8Array | null {
  const product = point.multiply(scalar);
  return product.is0() ? null : product.toBytes();
}

/** [transcript_ir]: the initiator's message first. */
export function transcript(initiator: CpaceMessage, responder: CpaceMessage): Buffer {
  return Buffer.concat([lengthValues(initiator.share, initiator.data), lengthValues(responder.share, responder.data)]);
}

/** [ISK]. `product` is erased: nothing else may be made from it. */
export function sharedSecret(exchange: Uint8Array, product: Uint8Array, said: Uint8Array): Buffer {
  const joined = lengthValues(SECRET_DOMAIN, exchange, product);
  product.fill(0);
  const secret = sha512(joined, said);
  joined.fill(0);
  return secret;
}

/** The draft's explicit key confirmation: each side's tag is over the message that it sent itself. */
export function confirmationTag(exchange: Uint8Array, secret: Uint8Array, sent: CpaceMessage): Buffer {
  const key = sha512(TAG_DOMAIN, exchange, secret);
  const tag = createHmac('sha512', key).update(lengthValues(sent.share, sent.data)).digest();
  key.fill(0);
  return tag;
}

/** Compares in a time that tells nothing about where two tags differ. */
export function sameTag(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

function sha512(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha512');
  for (const part of parts) {
    hash.update(part);
  }
  return hash.digest();
}
