import { randomBytes } from 'node:crypto';
import { ed25519, ristretto255 } from '@noble/curves/ed25519.js';
import { describe, expect, it } from 'vitest';
import { generatorOf, multiply, newScalar } from './cpace.ts';
import { nativeMultiply } from './native-multiply.ts';

const { Point } = ristretto255;
const order = Point.Fn.ORDER;

function anyPoint() {
  return Point.fromBytes(generatorOf({ secret: randomBytes(8), channel: randomBytes(90), exchange: randomBytes(16) }));
}

describe('multiplying by way of X25519', () => {
  it('gives what the group gives, for every point', () => {
    for (let count = 0; count < 60; count += 1) {
      const [point, by] = [anyPoint(), newScalar()];
      expect(nativeMultiply(by, point)?.toBytes()).toEqual(point.multiply(by).toBytes());
    }
  });

  it.each([1n, 2n, 7n, 8n, 63n, 1n << 251n, 1n << 252n, order - 7n, order - 1n])('takes the scalar %d', (by) => {
    const point = anyPoint();
    expect(nativeMultiply(by, point)?.toBytes()).toEqual(point.multiply(by).toBytes());
  });

  it('leaves to the group the few scalars that clamping or a neutral neighbour forbids, and nobody notices', () => {
    const point = anyPoint();
    for (const by of [64n, order - 64n, order - 8n]) {
      expect(nativeMultiply(by, point)).toBeNull();
      expect(multiply(by, point.toBytes())).toEqual(point.multiply(by).toBytes());
    }
  });

  it('gives the same for all forms of one point that are left over in memory', () => {
    const { x, y } = anyPoint().toAffine();
    const by = newScalar();
    const fourth = { x: ed25519.Point.Fp.sqrt(ed25519.Point.Fp.neg(1n)), y: 0n }; // a point of order four
    const same = ed25519.Point.fromAffine({ x, y });
    const other = same.add(ed25519.Point.fromAffine(fourth));
    expect(other.equals(same)).toBe(false);
    expect(nativeMultiply(by, new Point(other))?.toBytes()).toEqual(nativeMultiply(by, new Point(same))?.toBytes());
  });
});
