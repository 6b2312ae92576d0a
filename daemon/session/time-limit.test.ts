// However long the policy allows, a session never outlives the certificate that opened it.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { TechnicianIdentity } from '../../protocol/request.ts';
import { testTechnician } from './test-session.ts';
import { timeLimit } from './time-limit.ts';

const NOON = Date.parse('2026-11-22T12:00:00Z');
const HOUR = 3_600_000;

const certified = (validUntil: number | null): TechnicianIdentity =>
  testTechnician(validUntil === null ? null : new Date(validUntil).toISOString());

it('is what the policy gives to a listed key, and to a certificate that lasts longer or has no end', () => {
  const agreed = { endsAt: NOON + 2 * HOUR, byCertificate: false };
  expect(timeLimit(testTechnician(), NOON, 2 * HOUR)).toEqual(agreed);
  expect(timeLimit(certified(null), NOON, 2 * HOUR)).toEqual(agreed);
  expect(timeLimit(certified(NOON + 2 * HOUR), NOON, 2 * HOUR)).toEqual(agreed);
});

it('is the end of the certificate where that comes first, even when it is over', () => {
  expect(timeLimit(certified(NOON + 5_000), NOON, HOUR)).toEqual({ endsAt: NOON + 5_000, byCertificate: true });
  expect(timeLimit(certified(NOON - 5_000), NOON, HOUR)).toEqual({ endsAt: NOON - 5_000, byCertificate: true });
});

it('is never later than either', () => {
  const offset = fc.integer({ min: -24 * HOUR, max: 24 * HOUR });
  fc.assert(
    fc.property(offset, fc.integer({ min: 60_000, max: 12 * HOUR }), (until, maxSession) => {
      const { endsAt } = timeLimit(certified(NOON + until), NOON, maxSession);
      expect(endsAt).toBeLessThanOrEqual(NOON + until);
      expect(endsAt).toBeLessThanOrEqual(NOON + maxSession);
    }),
  );
});
