import { describe, expect, it } from 'vitest';
import { ago, clock, countdown, counted } from './phrases.ts';

describe('times and counts as people read them', () => {
  it('counts down', () => {
    expect([-5, 0, 999, 60_000, 247_000, 3_723_000].map(countdown)).toEqual([
      '0:00',
      '0:00',
      '0:01',
      '1:00',
      '4:07',
      '1:02:03',
    ]);
  });

  it('says how long ago', () => {
    const hours = 3_600_000;
    expect([0, 5 * 60_000, 3 * hours, 24 * hours, 12 * 24 * hours].map(ago)).toEqual([
      'just now',
      '5 min ago',
      '3 h ago',
      'yesterday',
      '12 days ago',
    ]);
  });

  it('writes local times', () => {
    const at = new Date(2026, 10, 2, 9, 5, 7).getTime();
    expect(clock(at)).toBe('09:05:07');
  });

  it('counts', () => expect([counted(1, 'session'), counted(2, 'session')]).toEqual(['1 session', '2 sessions']));
});
