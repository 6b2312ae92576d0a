import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { Screen, ScreenOverrun } from './screen.ts';

const SGR = /\x1b\[[0-9;]*m/g;

async function screenWith(data: string | Uint8Array, cols = 20, rows = 4): Promise<Screen> {
  const screen = new Screen({ cols, rows });
  await screen.write(data);
  return screen;
}

function replies(screen: Screen): string[] {
  const heard: string[] = [];
  screen.onReply((reply) => heard.push(reply));
  return heard;
}

/** Only printables and SGR; reset at the end; within the width. */
function expectHarmless(screen: Screen): void {
  const lines = screen.lines();
  expect(lines).toHaveLength(screen.rows);
  for (const line of lines) {
    const text = line.replace(SGR, '');
    expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u);
    expect(stringWidth(text)).toBeLessThanOrEqual(screen.cols);
    if (text !== line) expect(line.endsWith('\x1b[0m')).toBe(true);
  }
}

describe('what a remote program may show', () => {
  it('is text in its styles and colours, reset at the end of the line', async () => {
    using screen = await screenWith(
      '\x1b[1;31mred\x1b[0m \x1b[2;3;4;7;9mall\x1b[m\r\n\x1b[38;5;200;48;5;3mpal\x1b[0m\r\n\x1b[38;2;1;2;3;48;2;4;5;6mrgb\r\n\x1b[0;97;100mbright',
    );
    expect(screen.lines()).toEqual([
      '\x1b[0;1;31mred\x1b[0m \x1b[0;2;3;4;7;9mall\x1b[0m',
      '\x1b[0;38;5;200;43mpal\x1b[0m',
      '\x1b[0;38;2;1;2;3;48;2;4;5;6mrgb\x1b[0m',
      '\x1b[0;97;100mbright\x1b[0m',
    ]);
    expect(screen.text()).toEqual(['red all', 'pal', 'rgb', 'bright']);
  });

  it('is exactly as many lines as rows, blank ends cut off, coloured ends kept', async () => {
    using screen = await screenWith('a\x1b[41m  \x1b[0m   \r\n\r\n   b', 10, 5);
    expect(screen.lines()).toEqual(['a\x1b[0;41m  \x1b[0m', '', '   b', '', '']);
  });

  it('cannot be concealed from either person', async () => {
    using screen = await screenWith('\x1b[8mhidden\x1b[0m');
    expect(screen.lines()[0]).toContain('hidden');
  });

  it('follows cursor moves, erasing and scrolling', async () => {
    using screen = await screenWith('one\x1b[3;5Hxyz\x1b[1;2H\x1b[K\x1b[4;1Hend');
    expect(screen.text()).toEqual(['o', '', '    xyz', 'end']);
    expect(screen.cursor).toEqual({ x: 3, y: 3, visible: true });
    await screen.write('\x1b[?25l\r\n');
    expect(screen.text()).toEqual(['', '    xyz', 'end', '']);
    expect(screen.cursor).toEqual({ x: 0, y: 3, visible: false });
    await screen.write('\x1bc');
    expect(screen.cursor.visible).toBe(true);
  });

  it('draws lines with the DEC graphics set', async () => {
    using screen = await screenWith('\x1b(0lqk\x1b(B');
    expect(screen.text()[0]).toBe('┌─┐');
  });

  it('keeps the cursor on the screen when a line is full', async () => {
    using screen = await screenWith('12345', 5, 2);
    expect(screen.cursor.x).toBe(4);
  });

  it('takes a character split over writes', async () => {
    using screen = new Screen({ cols: 10, rows: 2 });
    for (const byte of Buffer.from('ä漢👩\x1b[1mx')) await screen.write(Uint8Array.of(byte));
    expect(screen.lines()[0]).toBe('ä漢👩\x1b[0;1mx\x1b[0m');
  });
});

describe('wide and combined characters keep their columns', () => {
  it('wide text', async () => {
    using screen = await screenWith('漢字kana\x1b[1;9H|', 12, 2);
    expect(screen.text()[0]).toBe('漢字kana|');
    await screen.write('\x1b[1;2Hx');
    expect(screen.text()[0]).toBe(' x字kana|');
  });

  it('wraps a wide character that does not fit', async () => {
    using screen = await screenWith('abc漢', 4, 2);
    expect(screen.text()).toEqual(['abc', '漢']);
  });

  it('accents, Hangul from letters, Hindi', async () => {
    using screen = await screenWith('e\u0301|\u1112\u1161\u11ab|का|', 20, 2);
    expect(screen.text()[0]).toBe('e\u0301|\u1112\u1161\u11ab|का|');
    expect(screen.cursor.x).toBe(8);
  });

  it('joined emoji: the first, in the cells that the emulator gave it', async () => {
    using screen = await screenWith('👩\u200d👩\u200d👧|👍🏽|❤\ufe0f|🇩🇪|', 20, 2);
    expect(screen.text()[0]).toBe('👩|👍|❤ |🇩🇪|');
    expect(stringWidth(screen.text()[0] ?? '')).toBe(screen.cursor.x);
  });

  it('marks do not pile up, neither on the screen nor in memory', async () => {
    using screen = new Screen({ cols: 40, rows: 4, scrollback: 0 });
    await screen.write(`e${'\u0301'.repeat(200_000)}x`);
    expect(screen.serialize().length).toBeLessThan(4 * 40 * 20);
    expectHarmless(screen);
  });
});

describe('what dies in the emulator', () => {
  const payloads: Record<string, string> = {
    title: '\x1b]0;owned\x07',
    'icon name': '\x1b]1;owned\x1b\\',
    'clipboard write': '\x1b]52;c;b3duZWQ=\x07',
    'clipboard read': '\x1b]52;c;?\x07',
    palette: '\x1b]4;1;#000000\x07',
    'palette query': '\x1b]4;1;?\x07\x1b]10;?\x07\x1b]11;?\x07',
    notification: '\x1b]9;owned\x07\x1b]777;notify;a;b\x07',
    'working directory': '\x1b]7;file://host/\x07',
    sixel: '\x1bPq#0;2;0;0;0~-\x1b\\',
    'kitty graphics': '\x1b_Ga=T,f=24;AAAA\x1b\\',
    'tmux passthrough': '\x1bPtmux;\x1b\x1b]0;owned\x07\x1b\\',
    'window operations': '\x1b[8;100;100t\x1b[2t\x1b[21t\x1b[22;0t\x1b[23;0t',
    'media copy': '\x1b[5i\x1b[4i',
    'C1 OSC': '\u009d0;owned\u009c',
    'mouse and focus reporting': '\x1b[?1000h\x1b[?1003h\x1b[?1006h\x1b[?1004h',
  };
  for (const [name, payload] of Object.entries(payloads)) {
    it(name, async () => {
      using screen = new Screen({ cols: 20, rows: 4 });
      const heard = replies(screen);
      await screen.write(`a${payload}b`);
      expect(screen.lines()).toEqual(['ab', '', '', '']);
      expect(heard).toEqual([]);
    });
  }

  it('hyperlinks: the text stays, the address goes', async () => {
    using screen = await screenWith('\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\');
    expect(screen.lines()[0]).toBe('link');
  });

  it('bidi and zero-width characters', async () => {
    using screen = await screenWith('a\u202eb\u2066c\u200bd\u{e0041}e');
    expectHarmless(screen);
    expect(screen.text()[0]?.replaceAll(' ', '')).toBe('abcde');
  });

  it('whatever comes, only printables and SGR come out', async () => {
    const part = fc.oneof(
      fc.constantFrom(
        '\x1b[',
        '\x1b]',
        '\x1bP',
        '\x1b\\',
        '\x1b',
        '\x9b',
        '\x07',
        '\r',
        '\n',
        '\b',
        '\t',
        '\x0e',
        '\x18',
      ),
      fc.constantFrom('1;1H', '38;5;9m', '?1049h', '2J', '8m', '3X', '2P', '4@', '0;x', '漢', '👩', '\u200d', '\u0301'),
      fc.string({ unit: 'binary', maxLength: 5 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 40 }), async (parts) => {
        using screen = new Screen({ cols: 12, rows: 3 });
        await Promise.all(parts.map((data) => screen.write(data)));
        expectHarmless(screen);
        screen.resize(5, 4);
        expectHarmless(screen);
      }),
      { numRuns: 150 },
    );
  });

  it('absurd counts neither hang nor end the program', async () => {
    using screen = new Screen({ cols: 20, rows: 4 });
    for (const final of ['L', 'M', 'S', 'T', 'I', 'Z', 'b', '@', 'P', 'X', 'E', 'B', ' @', "'}"]) {
      await screen.write(`\x1b[Hx\x1b[2147483647${final}`);
    }
    await screen.write('\x1b[2J\x1b[Hx\x1b[3b\x1b[2;1Hy\x1b[1L');
    expect(screen.text()).toEqual(['xxxx', '', 'y', '']);
  });
});

describe('queries are answered to the listener only', () => {
  const queries: Record<string, [string, string]> = {
    'device attributes': ['\x1b[c', '\x1b[?1;2c'],
    status: ['\x1b[5n', '\x1b[0n'],
    'cursor position': ['\x1b[6n', '\x1b[1;3R'],
    mode: ['\x1b[?25$p', '\x1b[?25;1$y'],
    setting: ['\x1bP$qr\x1b\\', '\x1bP1$r1;4r\x1b\\'],
    'setting that does not exist': ['\x1bP$q;rm -rf\x1b\\', '\x1bP0$r\x1b\\'],
  };
  for (const [name, [query, reply]] of Object.entries(queries)) {
    it(name, async () => {
      using screen = new Screen({ cols: 20, rows: 4 });
      const heard = replies(screen);
      await screen.write(`ab${query}`);
      expect(heard).toEqual([reply]);
      expect(screen.lines()).toEqual(['ab', '', '', '']);
    });
  }

  it('a listener can leave, a bell is heard', async () => {
    using screen = new Screen({ cols: 20, rows: 4 });
    const heard: string[] = [];
    const listening = screen.onReply((reply) => heard.push(reply));
    screen.onBell(() => heard.push('bell'));
    listening[Symbol.dispose]();
    await screen.write('\x1b[c\x07');
    expect(heard).toEqual(['bell']);
  });
});

describe('modes, sizes and scrollback', () => {
  it('tells what the remote program asked for', async () => {
    using screen = await screenWith('shell');
    expect(screen.modes).toEqual({ applicationCursor: false, bracketedPaste: false, alternate: false });
    await screen.write('\x1b[?1h\x1b[?2004h\x1b[?1049h\x1b[Hfull screen');
    expect(screen.modes).toEqual({ applicationCursor: true, bracketedPaste: true, alternate: true });
    expect(screen.text()[0]).toBe('full screen');
    await screen.write('\x1b[?1l\x1b[?2004l\x1b[?1049l');
    expect(screen.modes).toEqual({ applicationCursor: false, bracketedPaste: false, alternate: false });
    expect(screen.text()[0]).toBe('shell');
  });

  it('lets wrapped lines flow anew', async () => {
    using screen = await screenWith('abcdefghij\r\n$', 10, 4);
    screen.resize(5, 4);
    expect(screen.text()).toEqual(['abcde', 'fghij', '$', '']);
    screen.resize(20, 4);
    expect(screen.text()).toEqual(['abcdefghij', '$', '', '']);
    expect([screen.cols, screen.rows]).toEqual([20, 4]);
  });

  it('moves absurd sizes into range', () => {
    using screen = new Screen({ cols: 1e9, rows: Number.NaN });
    expect([screen.cols, screen.rows]).toEqual([1000, 1]);
    screen.resize(-1, 1e9);
    expect([screen.cols, screen.rows]).toEqual([2, 500]);
  });

  it('looks back', async () => {
    using screen = await screenWith('1\r\n2\r\n3\r\n4\r\n5', 10, 2);
    expect(screen.scrollbackLength).toBe(3);
    expect(screen.lines()).toEqual(['4', '5']);
    expect(screen.lines(1)).toEqual(['3', '4']);
    expect(screen.lines(99)).toEqual(['1', '2']);
    expect(screen.lines(-1)).toEqual(['4', '5']);
    await screen.write('\r\n6');
    expect(screen.lines(1)).toEqual(['4', '5']);
  });

  it('hands out lines that the caller may change', async () => {
    using screen = await screenWith('a');
    screen.lines().fill('changed');
    expect(screen.lines()[0]).toBe('a');
  });
});

describe('lifetime', () => {
  it('shows what is there while more is being written', async () => {
    using screen = new Screen({ cols: 20, rows: 4 });
    let settled = false;
    const writing = screen.write(Array.from({ length: 800_000 }, (_, line) => `line ${line}`).join('\r\n')).then(() => {
      settled = true;
    });
    const seen = new Set<string>();
    while (!settled) {
      seen.add(screen.lines().join());
      await setImmediate();
    }
    await writing;
    expect(seen.size).toBeGreaterThan(2);
  });

  it('disposal settles what waits, at once', async () => {
    const screen = new Screen({ cols: 20, rows: 4 });
    let settled = false;
    void screen.write(new Uint8Array(1_000_000).fill(0x61)).then(() => {
      settled = true;
    });
    screen[Symbol.dispose]();
    await Promise.resolve();
    expect(settled).toBe(true);
  });

  it('a writer that does not wait is told', async () => {
    using screen = new Screen({ cols: 20, rows: 4 });
    const big = new Uint8Array(17 * 1024 * 1024).fill(0x61);
    const first = screen.write(big);
    await expect(screen.write('x')).rejects.toBeInstanceOf(ScreenOverrun);
    screen[Symbol.dispose]();
    await first;
  });

  it('after disposal nothing waits, nothing throws', async () => {
    const screen = new Screen({ cols: 20, rows: 4 });
    const pending = screen.write('text');
    screen[Symbol.dispose]();
    screen[Symbol.dispose]();
    await pending;
    await screen.write('more');
    screen.resize(10, 10);
    await setImmediate();
    expect(screen.lines()).toHaveLength(4);
  });
});
