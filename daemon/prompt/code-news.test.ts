import { describe, expect, it } from 'vitest';
import type { CodeView } from '../local/controls.ts';
import { codeNews } from './code-news.ts';

const code: CodeView = {
  connectionId: '482913077',
  code: '27-harbor-violet',
  expiresAt: '2026-11-22T12:00:00.000Z',
  attemptsLeft: 3,
  because: 'started',
};

describe('the person who reads out the code', () => {
  it('is told when a code did not fit, and when to hang up', () => {
    expect(codeNews(code, { ...code, attemptsLeft: 2 })).toContain('did not fit. Tries left: 2. If your helper typed');
    const renewed: CodeView = { ...code, code: '10-cabin-lemon', because: 'three wrong attempts' };
    expect(codeNews({ ...code, attemptsLeft: 1 }, renewed)).toContain('here is a new one. If your helper typed');
  });

  it('is not troubled by what is usual', () => {
    expect(codeNews(null, { ...code, attemptsLeft: 2 })).toBeNull();
    expect(codeNews(code, code)).toBeNull();
    for (const because of ['used', 'expired', 'asked for'] as const) {
      expect(codeNews(code, { ...code, code: '10-cabin-lemon', because })).toBeNull();
    }
  });

  it('reads nothing of the tries that a former code had left', () => {
    for (const because of ['used', 'expired', 'asked for'] as const) {
      expect(codeNews({ ...code, attemptsLeft: 1 }, { ...code, code: '10-cabin-lemon', because })).toBe('');
    }
  });
});
