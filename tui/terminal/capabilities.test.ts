import { describe, expect, it } from 'vitest';
import { requireTerminal, wantsColour } from './capabilities.ts';

const tty = { stdinIsTty: true, stdoutIsTty: true, environment: { TERM: 'xterm' } };

describe('the dashboard refuses in words where it cannot work', () => {
  it.each([
    ['output is a file', { ...tty, stdoutIsTty: false }],
    ['input is a pipe', { ...tty, stdinIsTty: false }],
    ['TERM=dumb', { ...tty, environment: { TERM: 'dumb' } }],
    ['no TERM', { ...tty, environment: {} }],
  ])('%s', (_, facts) => {
    expect(() => requireTerminal(facts)).toThrow(
      expect.objectContaining({ hint: expect.stringMatching(/plain commands/), exitCode: 2 }),
    );
  });

  it('but works under CI=true: a person may sit there', () => {
    expect(() => requireTerminal({ ...tty, environment: { TERM: 'xterm', CI: 'true' } })).not.toThrow();
  });
});

describe('colours', () => {
  it('are left out on NO_COLOR and on monochrome terminals', () => {
    expect(wantsColour({ TERM: 'xterm', NO_COLOR: '1' })).toBe(false);
    expect(wantsColour({ TERM: 'xterm', NO_COLOR: '' })).toBe(true);
    expect(wantsColour({ TERM: 'vt220' })).toBe(false);
    expect(wantsColour({ TERM: 'screen' })).toBe(true);
  });
});
