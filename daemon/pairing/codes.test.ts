import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CODE_LIFETIME_MS, type NewCodeReason, OneTimeCodes } from './codes.ts';

describe('the one-time code', () => {
  const reasons: NewCodeReason[] = [];
  let codes: OneTimeCodes;

  beforeEach(() => {
    vi.useFakeTimers();
    reasons.length = 0;
    codes = new OneTimeCodes((_, reason) => reasons.push(reason));
  });
  afterEach(() => {
    codes[Symbol.dispose]();
    vi.useRealTimers();
  });

  it('is accepted once, as it was spoken', () => {
    const { code } = codes.present;
    expect(codes.try(code.toUpperCase().replaceAll('-', ' '))).toEqual({ accepted: true });
    expect(codes.try(code).accepted).toBe(false);
    expect(reasons).toEqual(['started', 'used']);
  });

  it('is thrown away after three wrong tries', () => {
    const { code } = codes.present;
    expect(codes.try('11-wrong-wrong')).toEqual({ accepted: false, attemptsLeft: 2 });
    expect(codes.try('')).toEqual({ accepted: false, attemptsLeft: 1 });
    expect(codes.try('\u001b]0;x\u0007')).toEqual({ accepted: false, attemptsLeft: 0 });
    expect(codes.present.code).not.toBe(code);
    expect(codes.present.attemptsLeft).toBe(3);
    expect(codes.try(code).accepted).toBe(false);
  });

  it('expires, and a new one takes its place', () => {
    const { code } = codes.present;
    vi.advanceTimersByTime(CODE_LIFETIME_MS);
    expect(codes.present.code).not.toBe(code);
    expect(codes.try(code).accepted).toBe(false);
    expect(reasons).toEqual(['started', 'expired']);
  });
});
