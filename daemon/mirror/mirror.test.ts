// What the local user sees of the technician's shell: the present screen, at once, and never what could harm them.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Screen } from '../../protocol/terminal/screen.ts';
import { Mirror, type MirrorFrame } from './mirror.ts';

const SIZE = { cols: 40, rows: 6 };

/** The first picture that `wanted` likes. */
function pictureOf(mirror: Mirror, wanted: (text: string) => boolean): Promise<MirrorFrame> {
  const { promise, resolve } = Promise.withResolvers<MirrorFrame>();
  const subscription = mirror.subscribe((frame) => {
    if (wanted(frame.lines.join('\n'))) resolve(frame);
  });
  return promise.finally(() => subscription[Symbol.dispose]());
}
const shows = (words: string) => (text: string) => text.includes(words);

describe('the mirror of a shell', () => {
  it('shows an empty screen before anything was said', () => {
    using mirror = new Mirror(SIZE);
    expect(mirror.frame).toEqual({
      ...SIZE,
      lines: ['', '', '', '', '', ''],
      cursor: { x: 0, y: 0, visible: true },
    });
  });

  it('shows who joins late the present screen, of a full-screen program too', async () => {
    using mirror = new Mirror(SIZE);
    mirror.output(Buffer.from('before\r\n\x1b[?1049h\x1b[2J\x1b[?25l\x1b[3;5Heditor'));
    await pictureOf(mirror, shows('editor'));
    const seen: MirrorFrame[] = [];
    using _late = mirror.subscribe((frame) => seen.push(frame));
    expect(seen.map(({ lines }) => lines)).toEqual([['', '', '    editor', '', '', '']]);
    mirror.output(Buffer.from('\x1b[?1049l'));
    expect((await pictureOf(mirror, shows('before'))).lines[0]).toBe('before');
  });

  it('shows what was said last before it goes', async () => {
    using mirror = new Mirror(SIZE);
    let last: MirrorFrame | undefined;
    using _watching = mirror.subscribe((frame) => {
      last = frame;
    });
    mirror.output(Buffer.from('1\r\n2\r\n'));
    mirror.output(Buffer.from('logout\x1b[3'));
    await mirror.finish();
    expect(last?.lines.slice(0, 3)).toEqual(['1', '2', 'logout']);
  });

  it('draws while nobody watches', async () => {
    using mirror = new Mirror(SIZE);
    mirror.output(Buffer.from('unseen'));
    while (mirror.frame.lines[0] !== 'unseen') await new Promise((resolve) => setTimeout(resolve, 10));
  });

  it('carries text and colours, and nothing that could drive a terminal', async () => {
    using mirror = new Mirror(SIZE);
    mirror.output(Buffer.from('\x1b]0;title\x07\x1b]52;c;cm0gLXJm\x07\x1b[31mred\x1b[0m \x1b[6n\x1b[?1000h!'));
    const { lines } = await pictureOf(mirror, shows('red'));
    expect(lines.join('').replaceAll(/\x1b\[[\d;]*m/g, '')).toBe('red !');
  });

  it('follows the size of the shell', async () => {
    using mirror = new Mirror(SIZE);
    mirror.output(Buffer.from('x'.repeat(45)));
    mirror.resize(50, 4);
    mirror.output(Buffer.from('\x1b[4;1Hbottom'));
    expect(await pictureOf(mirror, shows('bottom'))).toMatchObject({ cols: 50, rows: 4, lines: { length: 4 } });
  });

  it('is right after a flood, and kept its modes', async () => {
    using mirror = new Mirror(SIZE);
    mirror.output(Buffer.from('\x1b[?1049h\x1b[?25l'));
    for (let block = 0; block < 60; block++) mirror.output(Buffer.from('y\r\n'.repeat(20_000)));
    mirror.output(Buffer.from('\x1b[2J\x1b[Hquiet again'));
    const frame = await pictureOf(mirror, shows('quiet again'));
    expect(frame).toMatchObject({
      lines: ['quiet again', '', '', '', '', ''],
      cursor: { x: 11, y: 0, visible: false },
    });
  });

  it('shows what an emulator without a budget shows, for ordinary output', async () => {
    const pieces = fc.array(
      fc.constantFrom(
        'hello ',
        '\r\n',
        '\x1b[1;32m',
        '\x1b[0m',
        '\x1b[2;3H',
        '\x1b[K',
        '日本',
        'é',
        '\t',
        '\x1b[?1049h',
      ),
      { maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(pieces, fc.integer({ min: 1, max: 20 }), async (parts, size) => {
        using mirror = new Mirror(SIZE);
        using plain = new Screen({ ...SIZE, scrollback: 0 });
        const all = Buffer.from(`${parts.join('')}\x1b[6;30HTHE END`);
        for (let at = 0; at < all.length; at += size) mirror.output(all.subarray(at, at + size));
        await plain.write(all);
        const frame = await pictureOf(mirror, shows('THE END'));
        expect(frame.lines).toEqual(plain.lines());
        expect(frame.cursor).toEqual(plain.cursor);
      }),
      { numRuns: 40 },
    );
  });

  it('sends nothing while nothing changes', async () => {
    using mirror = new Mirror(SIZE);
    mirror.output(Buffer.from('steady'));
    await pictureOf(mirror, shows('steady'));
    let pictures = 0;
    using _watching = mirror.subscribe(() => {
      pictures += 1;
    });
    mirror.output(Buffer.from('\x1b]0;only a title\x07'));
    mirror.output(Buffer.from('\x1b[1;1Hsteady'));
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(pictures).toBe(1); // the present one, on joining
  });

  it('is not hurt by a watcher that throws', async () => {
    using mirror = new Mirror(SIZE);
    let calls = 0;
    mirror.subscribe(() => {
      calls += 1;
      throw new Error('the watcher is broken');
    });
    mirror.output(Buffer.from('text'));
    await pictureOf(mirror, shows('text'));
    expect(calls).toBe(1);
  });

  it('is quiet once disposed', async () => {
    const mirror = new Mirror(SIZE);
    let calls = 0;
    mirror.subscribe(() => {
      calls += 1;
    });
    mirror.output(Buffer.from('text'));
    mirror[Symbol.dispose]();
    mirror[Symbol.dispose]();
    mirror.output(Buffer.from('more'));
    mirror.resize(10, 10);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(calls).toBe(1);
  });
});
