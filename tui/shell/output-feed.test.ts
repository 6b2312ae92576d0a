import { describe, expect, it } from 'vitest';
import { OutputFeed } from './output-feed.ts';

/** A channel that counts how often it was held back, and an emulator that draws when told to. */
function bench() {
  const log: string[] = [];
  const drawn: Uint8Array[] = [];
  let finish: (() => void) | null = null;
  const feed = new OutputFeed({
    source: { pause: () => log.push('pause'), resume: () => log.push('resume') },
    draw: (portion) => {
      drawn.push(portion);
      return new Promise((resolve) => {
        finish = resolve;
      });
    },
    onDrawn: () => log.push('drawn'),
  });
  const step = async () => {
    finish?.();
    finish = null;
    await new Promise(setImmediate);
  };
  return { feed, log, drawn, step };
}

describe('a flood of output', () => {
  it('holds the machine back instead of filling memory', async () => {
    const { feed, log, step } = bench();
    let sent = 0;
    while (!log.includes('pause')) {
      feed.push(new Uint8Array(10_000));
      sent += 10_000;
    }
    expect(sent).toBeLessThan(400_000);
    expect(feed.waiting).toBeLessThan(400_000);
    for (let steps = 0; steps < 20 && !log.includes('resume'); steps += 1) await step();
    expect(log.filter((entry) => entry !== 'drawn')).toEqual(['pause', 'resume']);
  });

  it('reaches the emulator complete, in order and in small portions', async () => {
    const { feed, drawn, step } = bench();
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251));
    feed.push(bytes.subarray(0, 70_000));
    feed.push(bytes.subarray(70_000));
    const all = feed.drained();
    for (let steps = 0; steps < 20; steps += 1) await step();
    await all;
    expect(Buffer.concat(drawn).equals(bytes)).toBe(true);
    expect(Math.max(...drawn.map((portion) => portion.length))).toBeLessThanOrEqual(32 * 1024);
  });

  it('is not drawn while the session is paused', async () => {
    const { feed, drawn, step } = bench();
    feed.freeze(true);
    feed.push(Buffer.from('secret'));
    await step();
    expect(drawn).toEqual([]);
    feed.freeze(false);
    await step();
    expect(Buffer.concat(drawn).toString()).toBe('secret');
  });

  it('is dropped when the session ends: no byte is drawn after that', async () => {
    const { feed, drawn, step } = bench();
    feed.push(new Uint8Array(100_000));
    feed[Symbol.dispose]();
    for (let steps = 0; steps < 5; steps += 1) await step();
    feed.push(Buffer.from('late'));
    await step();
    expect(drawn).toHaveLength(1);
    expect(feed.waiting).toBe(0);
  });
});
