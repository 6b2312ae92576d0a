import { describe, expect, it } from 'vitest';
import type { Frame } from './frame.ts';
import { FrameWriter } from './frame-writer.ts';

/** A terminal that remembers what was written and can be made to refuse more. */
function terminal() {
  const written: string[] = [];
  let drained: (() => void) | null = null;
  let full = false;
  let wrote = () => {};
  const output = {
    get writableNeedDrain() {
      return full;
    },
    write(text: string) {
      written.push(text);
      wrote();
      return !full;
    },
    once: (_: 'drain', listener: () => void) => {
      drained = listener;
    },
  };
  const next = () => new Promise<string>((resolve) => (wrote = () => resolve(written.at(-1) ?? '')));
  return {
    output,
    written,
    next,
    block: () => (full = true),
    unblock: () => {
      full = false;
      drained?.();
    },
  };
}

const frame = (text: string, cursor: Frame['cursor'] = null): Frame => ({
  size: { cols: 10, rows: 1 },
  rows: [text],
  overlays: [],
  cursor,
});

describe('the frame writer', () => {
  it('writes a frame as one synchronized piece', async () => {
    const { output, next } = terminal();
    using writer = new FrameWriter({ output, colour: true, frame: () => frame('hello') });
    writer.request();
    expect(await next()).toBe('\x1b[?2026h\x1b[?25l\x1b[1;1H\x1b[0mhello\x1b[K\x1b[?25l\x1b[?2026l');
  });

  it('skips what was never shown and ends with the newest', async () => {
    const { output, written, next } = terminal();
    let text = '';
    using writer = new FrameWriter({ output, colour: true, frame: () => frame(text) });
    for (let step = 0; step < 1000; step += 1) {
      text = `step ${step}`;
      writer.request();
    }
    await next();
    expect(written).toHaveLength(1);
    expect(written[0]).toContain('step 999');
  });

  it('writes nothing when nothing changed, all when it is invalidated', async () => {
    const { output, written, next } = terminal();
    let text = 'one';
    using writer = new FrameWriter({ output, colour: true, frame: () => frame(text) });
    writer.request();
    await next();
    writer.request();
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(written).toHaveLength(1);
    writer.invalidate();
    expect(await next()).toContain('one');
    text = 'two';
    writer.request();
    expect(await next()).toContain('two');
  });

  it('moves the real cursor without painting rows again', async () => {
    const { output, next } = terminal();
    let x = 1;
    using writer = new FrameWriter({ output, colour: true, frame: () => frame('abc', { x, y: 0 }) });
    writer.request();
    await next();
    x = 2;
    writer.request();
    expect(await next()).toBe('\x1b[?2026h\x1b[1;3H\x1b[?25h\x1b[?2026l');
  });

  it('waits for a terminal that is not ready, then paints the newest', async () => {
    const { output, written, next, block, unblock } = terminal();
    let text = 'one';
    using writer = new FrameWriter({ output, colour: true, frame: () => frame(text) });
    block();
    writer.request();
    await new Promise(setImmediate);
    expect(written).toEqual([]);
    text = 'two';
    writer.request();
    const painted = next();
    unblock();
    expect(await painted).toContain('two');
  });

  it('is silent after disposal', async () => {
    const { output, written } = terminal();
    const writer = new FrameWriter({ output, colour: true, frame: () => frame('x') });
    writer.request();
    writer[Symbol.dispose]();
    writer.request();
    await new Promise(setImmediate);
    expect(written).toEqual([]);
  });

  it('drops colours on NO_COLOR', async () => {
    const { output, next } = terminal();
    using writer = new FrameWriter({ output, colour: false, frame: () => frame('\x1b[1;31mred\x1b[0m') });
    writer.request();
    expect(await next()).not.toContain('31');
  });
});
