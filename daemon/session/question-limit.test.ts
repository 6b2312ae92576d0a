import { describe, expect, it } from 'vitest';
import { FOR_COMMANDS, FOR_SCOPES, OpenQuestion, QuestionLimit } from './question-limit.ts';

describe('how often a person may be asked in one session', () => {
  it('is one question at a time, of whichever kind', () => {
    const open = new OpenQuestion();
    const scopes = new QuestionLimit(FOR_SCOPES, open, () => 0);
    const commands = new QuestionLimit(FOR_COMMANDS, open, () => 0);
    expect(scopes.begin()).toBeNull();
    expect(commands.begin()).toContain('open already');
    scopes.end(true);
    expect(commands.begin()).toBeNull();
  });

  it('takes longer after each no, and ends', () => {
    let now = 0;
    const limit = new QuestionLimit(FOR_SCOPES, new OpenQuestion(), () => now);
    const waits: number[] = [];
    for (let refusal = 0; refusal < FOR_SCOPES.refusals; refusal += 1) {
      expect(limit.begin()).toBeNull();
      limit.end(false);
      const before = now;
      while (limit.begin()?.includes('ask again in') === true) now += 1000;
      waits.push(now - before);
      if (refusal < FOR_SCOPES.refusals - 1) limit.end(true);
    }
    expect(waits.slice(0, 4)).toEqual([30_000, 60_000, 120_000, 240_000]);
    expect(limit.begin()).toContain('nothing more is asked');
  });

  it('forgives a no about a command after a yes', () => {
    let now = 0;
    const limit = new QuestionLimit(FOR_COMMANDS, new OpenQuestion(), () => now);
    for (let index = 0; index < 3; index += 1) {
      limit.begin();
      limit.end(false);
      now += 60_000;
    }
    limit.begin();
    limit.end(true);
    limit.begin();
    limit.end(false);
    expect(limit.begin()).toContain('5 seconds');
  });
});
