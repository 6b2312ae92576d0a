import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Screen } from '../../protocol/terminal/screen.ts';
import { ModeRecord } from './mode-record.ts';
import { modesAfter, readPrivateModes } from './skipped-modes.ts';

const SIZE = { cols: 30, rows: 8, scrollback: 0 };
const CANCEL = '\x18';
const modes = (text: string, alternate = false) =>
  modesAfter(Buffer.from(text), new ModeRecord(alternate)).replace(CANCEL, '');

/** Draws in a way that looks different in each mode: margins, origin, wrapping, inserting, character set, colour. */
const PROBE = '\x1b[2J\x1b[H0\r\nabcdef\rX \x1b[6;28Hlqqqqqqk\x1b[8;1H8\n9\x1b[4;2H4';

async function drawn(output: string, alternate: boolean): Promise<unknown> {
  using screen = new Screen(SIZE);
  await screen.write(`${alternate ? '\x1b[?1049h' : ''}${output}${PROBE}`);
  return { lines: screen.lines(), modes: screen.modes, visible: screen.cursor.visible };
}

describe('modes of output that nobody will see', () => {
  it('come out as if it had been drawn', async () => {
    const plain = '\x1b[0m\x1b(B\x0f'; // programs leave colours and character sets before they change the screen
    const piece = fc.constantFrom(
      ...['text ', 'line\r\n', 'ü語', '\x1b]0;\x1b[?25l title\x07'],
      ...['\x1b[m', '\x1b[0m', '\x1b[31m', '\x1b[1;4m', '\x1b[48;5;20m', '\x1b[38;2;1;2;3m', '\x1b[0;7m'],
      ...['\x1b[?25l', '\x1b[?25h', '\x1b[?7l', '\x1b[?7h', '\x1b[?6h', '\x1b[?6l', '\x1b[?1h', '\x1b[?1;2004h'],
      ...['\x1b[2;5r', '\x1b[3;8r', '\x1b[r', '\x1b[4h', '\x1b[4l', '\x1b(0', '\x1b(B', '\x1b)0', '\x0e', '\x0f'],
      ...[`${plain}\x1b[?1049h`, `${plain}\x1b[?1049l`, `${plain}\x1b[?47h`, `${plain}\x1b[?47l`, '\x1bc', '\x1b[!p'],
      ...['\x1b[2J', '\x1b[H', '\x1b[5;5H', '\x1b[K', '\x1b[3A'],
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 25 }), fc.boolean(), async (pieces, alternate) => {
        const skipped = pieces.join('');
        const instead = modesAfter(Buffer.from(skipped), new ModeRecord(alternate));
        expect(await drawn(instead, alternate)).toEqual(await drawn(skipped, alternate));
      }),
      { numRuns: 150 },
    );
  });

  it('keeps the last word on each, in their order', () => {
    expect(modes('\x1b[?25l\x1b[?1htext\x1b[?25h')).toBe('\x1b[?1h\x1b[?25h');
  });

  it('forgets what a reset has undone', () => {
    expect(modes('\x1b[?25l\x1b[31m\x1bc\x1b[32m')).toBe('\x1bc\x1b[32m');
    expect(modes('\x1b[31mred\x1b[0m\x1b[1mbold')).toBe('\x1b[0m\x1b[1m');
  });

  it('goes on from what was dropped before', () => {
    const dropped = new ModeRecord(false);
    readPrivateModes(Buffer.from('\x1b[?25l\x1bc\x1b[?7l\x1b[35m\x1b[?1049h'), dropped);
    expect(dropped.alternate).toBe(true);
    expect(modesAfter(Buffer.from('text\x1b[31m'), dropped)).toBe(`${CANCEL}\x1bc\x1b[?1049h\x1b[?7l\x1b[31m`);
  });

  it('is short, whatever was skipped', () => {
    const numbers = Array.from({ length: 5000 }, (_, i) => `\x1b[?${i}h\x1b[38;5;${i % 256}m`).join('');
    expect(modes(numbers).length).toBeLessThan(8 * 1024);
    expect(modes(`\x1b[?${'1;'.repeat(1000)}2h`)).toBe('');
    expect(modes('\x1b[')).toBe('');
    expect(modes('\x1b')).toBe('');
  });

  it('knows which screen is shown', () => {
    const alternateAfter = (text: string, before: boolean) => {
      const modes = new ModeRecord(before);
      readPrivateModes(Buffer.from(text), modes);
      return modes.alternate;
    };
    expect(alternateAfter('a\x1b[?1049hb', false)).toBe(true);
    expect(alternateAfter('a\x1b[?1049hb\x1b[?1049l', false)).toBe(false);
    expect(alternateAfter('nothing', true)).toBe(true);
    expect(alternateAfter('\x1bc', true)).toBe(false);
  });
});
