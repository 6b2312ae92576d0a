import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PlainText } from './plain-text.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function shown(chunks: readonly (string | Buffer)[], idleAfterEach = false): string {
  let all = '';
  const text = new PlainText((piece) => {
    all += piece;
  });
  for (const chunk of chunks) {
    text.push(Buffer.from(chunk));
    if (idleAfterEach) vi.advanceTimersByTime(1000);
  }
  text[Symbol.dispose]();
  return all;
}

const hostile = fc.array(
  fc.oneof(
    fc.constantFrom(
      '\x1b',
      '\x1b[',
      '\x1b]0;',
      '\x07',
      '\x9b',
      '2J',
      '\r',
      '\n',
      '\r\n',
      'ä',
      '漢',
      '\u202e',
      '\0',
      'ls',
    ),
    fc.uint8Array({ maxLength: 3 }).map((bytes) => Buffer.from(bytes)),
  ),
  { maxLength: 40 },
);

describe('what was typed at this terminal', () => {
  function typed(...steps: readonly (string | { readonly typed: string })[]): string {
    let all = '';
    const text = new PlainText((piece) => {
      all += piece;
    });
    for (const step of steps) {
      if (typeof step !== 'string') text.typed(step.typed);
      else {
        text.push(Buffer.from(step));
        vi.advanceTimersByTime(60);
      }
    }
    text[Symbol.dispose]();
    return all;
  }

  it('is not shown once more by the machine', () => {
    expect(typed('desk$ ', { typed: 'ls' }, 'ls\r\n', 'file\r\ndesk$ ')).toBe('desk$ file\ndesk$ \n');
  });

  it('is not shown in parts either', () => {
    expect(typed('desk$ ', { typed: 'uptime' }, 'upt', 'ime\r\n', '9:00\r\n')).toBe('desk$ 9:00\n');
  });

  it('is not shown once more when it was typed before there was a prompt', () => {
    expect(typed({ typed: 'ls' }, 'desk$ ls\r\nfile\r\n')).toBe('desk$ \nfile\n');
  });

  it('is not shown twice more when the shell reads it after the machine has shown it', () => {
    expect(typed({ typed: 'ls' }, 'ls\r\n', 'desk$ ls\r\nfile\r\n')).toBe('desk$ \nfile\n');
    expect(typed({ typed: 'ls' }, 'ls\r\n', 'desk$ ', 'ls\r\nfile\r\n')).toBe('desk$ \nfile\n');
    expect(typed({ typed: 'hi' }, 'hi\r\n', 'hi\r\n')).toBe('hi\n'); // what cat says
  });

  it('hides no output that only looks like it', () => {
    expect(typed('desk$ ', { typed: 'cat' }, 'cat\r\n', 'cat\r\n')).toBe('desk$ cat\n');
  });

  it('is waited for a moment, and not for ever: a password is never shown', () => {
    expect(typed('Password: ', { typed: 'secret' }, '\r\n', 'welcome\r\n')).toBe('Password: \nwelcome\n');
  });
});

describe('a shell without a terminal', () => {
  it('never prints anything that acts on one', () => {
    fc.assert(
      fc.property(hostile, fc.boolean(), (chunks, idle) => {
        expect(shown(chunks, idle)).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]/);
      }),
      { numRuns: 500 },
    );
  });

  it('prints the same however the bytes are cut', () => {
    const bytes = Buffer.from('a\x1b[31mred\x1b[0m\r\nüber 漢字\n50 %\r100 %\nend');
    const expected = 'ared\nüber 漢字\n100 %\nend\n';
    expect(shown([bytes])).toBe(expected);
    expect(shown([...bytes].map((byte) => Buffer.of(byte)))).toBe(expected);
  });

  it('shows a prompt that waits, once', () => {
    expect(shown(['desk$ ', 'ls\r\n', 'file\r\n', 'desk$ '], true)).toBe('desk$ ls\nfile\ndesk$ \n');
  });

  it('waits with a line that ends in the middle of an escape sequence', () => {
    expect(shown(['a\x1b[3', '1mb\n'], true)).toBe('ab\n');
    expect(shown(['a\x1b]0;ti', 'tle\x07b\n'], true)).toBe('ab\n');
  });

  it('writes a line again when what was shown of it has changed', () => {
    expect(shown(['10 %', '\r20 %', '\rdone\n'], true)).toBe('10 %\n20 %\ndone\n');
  });

  it('does not hold a line without end', () => {
    let pieces = 0;
    const text = new PlainText(() => {
      pieces += 1;
    });
    for (let count = 0; count < 100; count += 1) text.push(Buffer.alloc(64 * 1024, 'x'));
    expect(pieces).toBeGreaterThan(40);
    text[Symbol.dispose]();
  });
});
