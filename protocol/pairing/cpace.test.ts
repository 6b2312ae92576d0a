import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  type CpaceTerms,
  confirmationTag,
  generatorOf,
  generatorString,
  multiply,
  newScalar,
  sharedSecret,
  transcript,
} from './cpace.ts';
import { lengthValues } from './length-value.ts';

const Hex = z.string().transform((text) => Buffer.from(text, 'hex'));
const Generator = z.object({
  'H.s_in_bytes': z.int(),
  'ZPAD length': z.int(),
  PRS: Hex,
  DSI: Hex,
  CI: Hex,
  sid: Hex,
  'generator_string(G.DSI,PRS,CI,sid,H.s_in_bytes)': Hex,
  'hash result': Hex,
  'encoded generator g': Hex,
});
const Exchange = z.object({
  PRS: Hex,
  CI: Hex,
  sid: Hex,
  g: Hex,
  ya: Hex,
  ADa: Hex,
  Ya: Hex,
  yb: Hex,
  ADb: Hex,
  Yb: Hex,
  K: Hex,
  ISK_IR: Hex,
  ISK_SY: Hex,
  sid_output_ir: Hex,
  sid_output_oc: Hex,
});
const Points = z.object({
  Valid: z.object({ s: Hex, X: Hex, 'G.scalar_mult(s,decode(X))': Hex, 'G.scalar_mult_vfy(s,X)': Hex }),
  'Invalid Y1': Hex,
  'Invalid Y2': Hex,
});
const file = new URL('../../test/fixtures/cpace/ristretto255.json', import.meta.url);
const [generator, exchange, points] = z
  .object({ blocks: z.tuple([Generator, Exchange, Points]) })
  .parse(JSON.parse(readFileSync(file, 'utf8'))).blocks;

function termsOf({ PRS, CI, sid }: { PRS: Uint8Array; CI: Uint8Array; sid: Uint8Array }): CpaceTerms {
  return { secret: PRS, channel: CI, exchange: sid };
}

/** Little-endian, as the draft writes scalars. */
function scalar(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
}

function sha512(...parts: Uint8Array[]): Buffer {
  return createHash('sha512').update(Buffer.concat(parts)).digest();
}

describe('the vectors of the draft, byte for byte', () => {
  it('make the generator', () => {
    const text = generatorString(termsOf(generator));
    expect(text).toEqual(generator['generator_string(G.DSI,PRS,CI,sid,H.s_in_bytes)']);
    expect(sha512(text)).toEqual(generator['hash result']);
    expect(Buffer.from(generatorOf(termsOf(generator)))).toEqual(generator['encoded generator g']);
    const padding = lengthValues(Buffer.alloc(generator['ZPAD length']));
    const before = lengthValues(generator.DSI, generator.PRS);
    expect(text.subarray(before.length, before.length + padding.length)).toEqual(padding);
    expect(before.length + padding.length).toBe(generator['H.s_in_bytes']);
  });

  const a = { share: exchange.Ya, data: exchange.ADa };
  const b = { share: exchange.Yb, data: exchange.ADb };

  it('make both shares and the one secret of both', () => {
    expect(Buffer.from(generatorOf(termsOf(exchange)))).toEqual(exchange.g);
    expect(multiply(scalar(exchange.ya), exchange.g)).toEqual(new Uint8Array(exchange.Ya));
    expect(multiply(scalar(exchange.yb), exchange.g)).toEqual(new Uint8Array(exchange.Yb));
    expect(multiply(scalar(exchange.ya), exchange.Yb)).toEqual(new Uint8Array(exchange.K));
    expect(multiply(scalar(exchange.yb), exchange.Ya)).toEqual(new Uint8Array(exchange.K));
    expect(sharedSecret(exchange.sid, Buffer.from(exchange.K), transcript(a, b))).toEqual(exchange.ISK_IR);
    expect(sha512(Buffer.from('CPaceSidOutput'), transcript(a, b))).toEqual(exchange.sid_output_ir);
  });

  it('make the secret where nobody speaks first, which this program does not use', () => {
    const [first, second] = [a, b]
      .map(({ share, data }) => lengthValues(share, data))
      .sort((one, other) => Buffer.compare(other, one));
    const ordered = Buffer.concat([Buffer.from('oc'), first ?? a.share, second ?? b.share]);
    expect(sharedSecret(exchange.sid, Buffer.from(exchange.K), ordered)).toEqual(exchange.ISK_SY);
    expect(sha512(Buffer.from('CPaceSidOutput'), ordered)).toEqual(exchange.sid_output_oc);
  });

  it('multiply a valid point, and stop at what is none and at the neutral one', () => {
    const { s, X } = points.Valid;
    expect(multiply(scalar(s), X)).toEqual(new Uint8Array(points.Valid['G.scalar_mult(s,decode(X))']));
    expect(multiply(scalar(s), X)).toEqual(new Uint8Array(points.Valid['G.scalar_mult_vfy(s,X)']));
    expect(multiply(scalar(s), points['Invalid Y1'])).toBeNull();
    expect(multiply(scalar(s), points['Invalid Y2'])).toBeNull();
  });
});

describe('CPace', () => {
  it('agrees when both have the same terms, and on nothing when one of them differs by a bit', () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(bytes, bytes, bytes, fc.constantFrom('secret', 'channel', 'exchange', null), (...given) => {
        const [secret, channel, id, differs] = given;
        const ours = { secret, channel, exchange: id };
        const theirs = differs === null ? ours : { ...ours, [differs]: ours[differs].map((byte) => byte ^ 1) };
        const [ya, yb] = [newScalar(), newScalar()];
        const a = { share: multiply(ya, generatorOf(ours)) ?? new Uint8Array(), data: Buffer.from('a') };
        const b = { share: multiply(yb, generatorOf(theirs)) ?? new Uint8Array(), data: Buffer.from('b') };
        const tag = (scalar: bigint, share: Uint8Array, exchange: Uint8Array) =>
          confirmationTag(
            exchange,
            sharedSecret(exchange, multiply(scalar, share) ?? new Uint8Array(), transcript(a, b)),
            a,
          );
        expect(tag(ya, b.share, ours.exchange).equals(tag(yb, a.share, theirs.exchange))).toBe(differs === null);
      }),
      { numRuns: 12 },
    );
  });

  it('stops at any share that is not the one form of a point', () => {
    const share = Buffer.from(exchange.Ya);
    const negative = Buffer.from(share);
    negative[0] = (negative[0] ?? 0) ^ 1; // odd: ristretto255 calls that negative
    const beyond = Buffer.from(share);
    beyond[31] = (beyond[31] ?? 0) | 0x80; // above the field's prime
    for (const bad of [negative, beyond, share.subarray(1), Buffer.concat([share, share]), Buffer.alloc(0)]) {
      expect(multiply(newScalar(), bad)).toBeNull();
    }
  });

  it('takes a new scalar each time', () => {
    expect(new Set(Array.from({ length: 20 }, newScalar)).size).toBe(20);
  });

  it('puts lengths of more than 127 in several bytes', () => {
    expect(lengthValues(Buffer.alloc(127)).subarray(0, 1)).toEqual(Buffer.from([127]));
    expect(lengthValues(Buffer.alloc(128)).subarray(0, 2)).toEqual(Buffer.from([0x80, 1]));
    expect(lengthValues(Buffer.alloc(20_000)).subarray(0, 3)).toEqual(Buffer.from([0xa0, 0x9c, 1]));
  });
});
