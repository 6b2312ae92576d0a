import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Screen } from './screen.ts';

const SIZE = { cols: 16, rows: 5 };

/** What a viewer sees and what the next output builds on. */
function stateOf(screen: Screen): unknown {
  return { lines: screen.lines().map(visible), cursor: screen.cursor, modes: screen.modes };
}

/** Each character with its style; on a blank, bold or a foreground is nothing that anyone sees. */
function visible(line: string): string[] {
  let style = '';
  const cells: string[] = [];
  for (const [, parameters, character] of line.matchAll(/\x1b\[([0-9;]*)m|(.)/gsu)) {
    if (parameters !== undefined) style = parameters;
    else
      cells.push(
        character === ' ' && !/(?:^|;)(?:[479]|4[0-8]|10[0-7])(?:;|$)/.test(style) ? ' ' : `${style} ${character}`,
      );
  }
  while (cells.at(-1) === ' ') cells.pop();
  return cells;
}

/** Plays `before`, jumps by keyframe to a fresh screen, plays `after`; next to a screen that played all of it. */
async function played(before: string, after: string): Promise<{ whole: unknown; jumped: unknown }> {
  using whole = new Screen(SIZE);
  await whole.write(before);
  using jumped = new Screen(SIZE);
  await jumped.write(whole.serialize());
  await whole.write(after);
  await jumped.write(after);
  return { whole: stateOf(whole), jumped: stateOf(jumped) };
}

describe('a replay that jumps to a keyframe goes on as if it had played all', () => {
  const cases: Record<string, [string, string]> = {
    'plain text': ['one\r\ntwo', ' three'],
    'coloured text, colour still on': ['\x1b[1;33mone', 'two\x1b[0m'],
    'wide text': ['漢字\x1b[31m漢', '字'],
    'scrolled away': ['1\r\n2\r\n3\r\n4\r\n5\r\n6\r\n7', '\r\n8'],
    'full-screen program': ['shell\x1b[?1049h\x1b[Hfull\x1b[3;3H', 'x\x1b[?1049l$'],
    modes: ['\x1b[?1h\x1b[?2004h', 'x'],
    'hidden cursor': ['\x1b[?25lx', 'y'],
    'scroll region': ['\x1b[2;4r\x1b[2;1Ha\r\nb\r\nc', '\r\nd\r\ne'],
    'scroll region given up': ['\x1b[2;4r\x1b[r\x1b[4;1Ha\r\nb', '\r\nc\r\nd'],
    'bad scroll region': ['\x1b[2;4r\x1b[4;2r\x1b[2;1Ha\r\nb\r\nc', '\r\nd'],
    'origin mode': ['\x1b[2;4r\x1b[?6h\x1b[2;2Hx', 'y\x1b[1;1Hz'],
    'in the middle of a colour': ['a\x1b[3', '1mred'],
    'in the middle of a title': ['a\x1b]0;ow', 'ned\x07b'],
    'before the end of a title': ['a\x1b]0;owned\x1b', '\\b'],
    'in the middle of a long picture': [`a\x1bPq${'~'.repeat(9000)}`, '~~\x1b\\b'],
    'after a soft reset': ['\x1b[2;3r\x1b[?25l\x1b[!px', '\x1b[5;1Ha\r\nb'],
  };
  for (const [name, [before, after]] of Object.entries(cases)) {
    it(name, async () => {
      const { whole, jumped } = await played(before, after);
      expect(jumped).toEqual(whole);
    });
  }

  it('wherever the jump falls', async () => {
    const part = fc.constantFrom(
      ...['text', 'a', '漢', 'é', ' ', '\r\n', '\r', '\b', '\x1b[1;31m', '\x1b[0m', '\x1b[44m', '\x1b[38;5;99m'],
      ...['\x1b[2;4r', '\x1b[r', '\x1b[H', '\x1b[3;7H', '\x1b[K', '\x1b[2J', '\x1b[L', '\x1b[M', '\x1b[A', '\x1b[2X'],
      ...['\x1b[?25l', '\x1b[?25h', '\x1b]0;title\x07', '\x1b[?1h', '\x1b[3P'],
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 30 }), fc.nat(), async (parts, at) => {
        const all = parts.join('');
        const cut = all.length === 0 ? 0 : at % all.length;
        const { whole, jumped } = await played(all.slice(0, cut), all.slice(cut));
        expect(jumped).toEqual(whole);
      }),
      { numRuns: 150 },
    );
  });

  it('tracks a sequence that arrives byte by byte', async () => {
    using screen = new Screen(SIZE);
    for (const byte of Buffer.from('a\x1b[31mb\x1b[3')) await screen.write(Uint8Array.of(byte));
    using other = new Screen(SIZE);
    await other.write(screen.serialize());
    await other.write('2mc');
    expect(other.lines()[0]).toBe('a\x1b[0;31mb\x1b[0;32mc\x1b[0m');
  });

  it('takes scrollback along when asked', async () => {
    using screen = new Screen(SIZE);
    await screen.write('1\r\n2\r\n3\r\n4\r\n5\r\n6\r\n7');
    using without = new Screen(SIZE);
    await without.write(screen.serialize());
    expect(without.scrollbackLength).toBe(0);
    using along = new Screen(SIZE);
    await along.write(screen.serialize(10));
    expect(along.lines(2)).toEqual(screen.lines(2));
  });
});
