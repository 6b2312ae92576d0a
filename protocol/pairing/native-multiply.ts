// Multiplies a point of ristretto255 by a secret scalar with OpenSSL's X25519: its ladder is native, several times as fast
// as big integers of JavaScript, and takes the same time for every scalar, which they do not.
//
// X25519 (RFC 7748) gives the u of a multiple without the sign of its v. The u of the multiple next to it gives that back:
// Okeya and Sakurai, "Efficient Elliptic Curve Cryptosystems from a Scalar Multiplication Algorithm with Recovery of the
// y-Coordinate on a Montgomery-Form Elliptic Curve" (CHES 2001).

import { createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto';
import { ed25519, ristretto255 } from '@noble/curves/ed25519.js';

export type RistrettoPoint = InstanceType<typeof ristretto255.Point>;

const { Fp, Fn } = ed25519.Point;
const A = 486_662n; // of Curve25519: v² = u³ + Au² + u
const SCALE = Fp.sqrt(Fp.neg(A + 2n)); // RFC 7748 §4.1, x = SCALE · u / v; either root serves, as it goes both ways
const EIGHTH = Fn.inv(8n);
const SIXTY_FOURTH = Fn.inv(64n);
// X25519 clamps a scalar to eight times a number of this range; for every scalar there is one that does the same.
const CLAMPED_LEAST = 1n << 251n;
const CLAMPED_END = 1n << 252n;
const HEADS = {
  pkcs8: Buffer.from('302e020100300506032b656e04220420', 'hex'), // what stands before 32 bytes of X25519 (RFC 8410)
  spki: Buffer.from('302a300506032b656e032100', 'hex'),
} as const;

/**
 * The product, or null where that is left to others: for the neutral point, for one scalar of 2^126, and where OpenSSL
 * does without X25519, as some do for FIPS. `scalar` is from 1 on and below the order.
 */
export function nativeMultiply(scalar: bigint, point: RistrettoPoint): RistrettoPoint | null {
  if (point.is0()) {
    return null;
  }
  // Eight times the point is the same for all of its representatives. X25519 multiplies that by eight again: hence the 64th.
  const base = ed25519.Point.fromAffine(point.toAffine()).double().double().double();
  const baseU = Fp.div(Fp.add(base.Z, base.Y), Fp.sub(base.Z, base.Y));
  const eighth = Fn.mul(scalar, SIXTY_FOURTH);
  const u = ladder(eighth, baseU);
  const nextU = ladder(Fn.add(eighth, EIGHTH), baseU); // of the product and the base
  if (u === null || nextU === null) {
    return null;
  }
  const difference = Fp.sub(u, baseU);
  // v = top / (2 · v of the base), and v of the base = SCALE · baseU · Z / X.
  const top = Fp.sub(
    Fp.sub(Fp.mul(Fp.add(Fp.mul(u, baseU), 1n), Fp.add(Fp.add(u, baseU), 2n * A)), 2n * A),
    Fp.mul(Fp.sqr(difference), nextU),
  );
  const v = { over: Fp.mul(top, base.X), under: Fp.mul(Fp.mul(2n * SCALE, baseU), base.Z) };
  // Back to Edwards: x = SCALE · u / v, y = (u − 1) / (u + 1), over one denominator.
  const x = Fp.mul(Fp.mul(SCALE, u), v.under);
  const [more, less] = [Fp.add(u, 1n), Fp.sub(u, 1n)];
  const product = new ed25519.Point(Fp.mul(x, more), Fp.mul(less, v.over), Fp.mul(v.over, more), Fp.mul(x, less));
  return new ristretto255.Point(product);
}

/** u of the multiple by eight times `eighth`, or by its negative, which has the same; null where there is none. */
function ladder(eighth: bigint, baseU: bigint): bigint | null {
  const clamped = eighth < CLAMPED_LEAST ? Fn.ORDER - eighth : eighth;
  if (clamped < CLAMPED_LEAST || clamped >= CLAMPED_END) {
    return null;
  }
  const key = der('pkcs8', clamped * 8n);
  try {
    const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
    const publicKey = createPublicKey({ key: der('spki', baseU), format: 'der', type: 'spki' });
    return Fp.fromBytes(diffieHellman({ privateKey, publicKey }));
  } catch {
    return null; // OpenSSL refuses a product that is neutral
  } finally {
    key.fill(0);
  }
}

function der(format: keyof typeof HEADS, value: bigint): Buffer {
  const bytes = Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse();
  const joined = Buffer.concat([HEADS[format], bytes]);
  bytes.fill(0);
  return joined;
}
