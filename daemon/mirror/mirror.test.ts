import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Screen } from '../../protocol/terminal/screen.ts';
import type { MirrorFrame } from './frame.ts';
import { Mirror } from './mirror.ts';
import { modesIn } from './modes.ts';

const SIZE = { cols: 40, rows: 6 };

/** The first picture that `wanted` likes. */
function pictureOf(mirror: Mirror, wanted: (text: string) => boolean): Promise<MirrorFrame> {
  const { promise, resolve } = Promise.withResolvers<MirrorFrame>();
  const subscription = mirror.subscribe((frame) => {
    if (wanted(frame.lines.join('\n'))) {
      resolve(frame);
    }
  });
  return promise.finally(() => subscription[Symbol.dispose]());
}

describe('the mirror of a shell', () => {
  it('shows who joins late the present screen, of a full-screen program too', async () => {
    using mirror = new Mirror(SIZE);
    mirror.output(Buffer.from('before\r\n\u001b[?1049h\u001b[2J\u001b[3;5Heditor'));
    await pictureOf(mirror, (text) => text.includes('editor'));
    const seen: MirrorFrame[] = [];
    using _late = mirror.subscribe((frame) => seen.push(frame));
    expect(seen[0]?.lines[2]).toContain('    editor');
    expect(seen[0]?.lines.join('')).not.toContain('before');
  });

  it('carries text and colours, and nothing that could drive a terminal', async () => {
    using mirror = new Mirror(SIZE);
    mirror.output(Buffer.from('\u001b]0;title\u0007\u001b]52;c;cm0gLXJm\u0007\u001b[31mred\u001b[0m \u001b[6n!'));
    const { lines } = await pictureOf(mirror, (text) => text.includes('red'));
    expect(lines.join('').replaceAll(/\u001b\[[\d;]*m/g, '')).toBe('red !');
  });

  it('is right after a flood, and kept its modes', async () => {
    using mirror = new Mirror(SIZE);
    mirror.output(Buffer.from('\u001b[?1049h\u001b[?25l'));
    for (let block = 0; block < 60; block += 1) {
      mirror.output(Buffer.from('y\r\n'.repeat(20_000)));
    }
    mirror.output(Buffer.from('\u001b[2J\u001b[Hquiet again'));
    const frame = await pictureOf(mirror, (text) => text.includes('quiet again'));
    expect(frame.lines.map((line) => line.trimEnd())).toEqual(['quiet again', '', '', '', '', '']);
    expect(frame.cursor).toMatchObject({ x: 11, y: 0, visible: false });
  });

  it('shows what an emulator without a budget shows, for ordinary output', async () => {
    const pieces = fc.array(
      fc.constantFrom('hello ', '\r\n', '\u001b[1;32m', '\u001b[0m', '\u001b[2;3H', '\u001b[K', '日本', 'é', '\t'),
      { maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(pieces, async (chunks) => {
        using mirror = new Mirror(SIZE);
        using plain = new Screen({ ...SIZE, scrollback: 0 });
        for (const chunk of [...chunks, '\u001b[6;30HTHE END']) {
          mirror.output(Buffer.from(chunk));
          await plain.write(chunk);
        }
        const frame = await pictureOf(mirror, (text) => text.includes('THE END'));
        expect(frame.lines).toEqual(plain.lines());
      }),
      { numRuns: 25 },
    );
  });
});

describe('modes in skipped output', () => {
  it('keeps each once, in the order in which they were set last', () => {
    expect(modesIn(Buffer.from('\u001b[?25l\u001b[?1049htext\u001b[?25h'))).toBe('\u001b[?25l\u001b[?1049h\u001b[?25h');
  });

  it('forgets what a reset has undone', () => {
    expect(modesIn(Buffer.from('\u001b[?1049h\u001bc\u001b[31m'))).toBe('\u001bc\u001b[31m');
  });

  it('finds a mode far before the end', () => {
    expect(modesIn(Buffer.from(`\u001b[?1049h${'y\r\n'.repeat(100_000)}`))).toBe('\u001b[?1049h');
  });
});
