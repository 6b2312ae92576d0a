import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Feed, FeedQueue } from './feed-queue.ts';

const SIZE = { cols: 80, rows: 24 };
const KIB = 1024;

function takeAll(queue: FeedQueue): Feed[] {
  const feeds: Feed[] = [];
  for (let taken = queue.take(); taken.length > 0; taken = queue.take()) feeds.push(...taken);
  return feeds;
}
const text = (feeds: readonly Feed[]) => Buffer.concat(feeds.filter(Buffer.isBuffer)).toString('utf8');

describe('output that waits to be drawn', () => {
  it('comes out whole and in order with the sizes, as long as it is no flood', () => {
    const queue = new FeedQueue(SIZE);
    queue.output(Buffer.from('one '));
    queue.output(Buffer.from('two '));
    queue.resize({ cols: 100, rows: 30 });
    queue.output(Buffer.alloc(200 * KIB, 'x'));
    const feeds = takeAll(queue);
    expect(feeds[0]?.toString()).toBe('one two ');
    expect(feeds[1]).toEqual({ cols: 100, rows: 30 });
    expect(text(feeds)).toBe(`one two ${'x'.repeat(200 * KIB)}`);
    expect(queue.bytes).toBe(0);
  });

  it('is taken a little at a time, so that drawing never takes long', () => {
    const queue = new FeedQueue(SIZE);
    queue.output(Buffer.alloc(200 * KIB, 'x'));
    expect(text(queue.take()).length).toBe(64 * KIB);
  });

  it('never cuts an escape sequence, however it arrives', () => {
    const pieces = fc.array(
      fc.constantFrom('text', '\x1b[31m', '\x1b[?1049h', '\x1b(0', '\x1bc', '\x1b]0;t\x07', '語'),
    );
    fc.assert(
      fc.property(pieces, fc.integer({ min: 1, max: 9 }), (parts, size) => {
        const queue = new FeedQueue(SIZE);
        const all = Buffer.from(parts.join(''));
        let given = '';
        for (let at = 0; at < all.length; at += size) {
          queue.output(all.subarray(at, at + size));
          const fed = Buffer.concat(queue.take().filter(Buffer.isBuffer)).toString('latin1');
          expect(fed).not.toMatch(/\x1b(\[[?\d;]*|\(|\][^\x07]*)?$/);
          given += fed;
        }
        expect(given).toBe(all.toString('latin1'));
      }),
    );
  });

  it('of a flood keeps the end, from the beginning of a line, and the modes of the rest', () => {
    const queue = new FeedQueue(SIZE);
    queue.output(Buffer.from('\x1b[?25l\x1b[?1049h'));
    for (let line = 0; line < 100_000; line++) queue.output(Buffer.from(`line ${line}\r\n`));
    queue.resize({ cols: 90, rows: 25 });
    expect(queue.isFlooded).toBe(true);
    const [size, ...feeds] = takeAll(queue);
    expect(size).toEqual({ cols: 90, rows: 25 });
    const drawn = text(feeds);
    expect(drawn.length).toBeLessThan(64 * KIB);
    expect(drawn).toMatch(/^\x18\x1b\[\?1049h\x1b\[\?25l\rline \d+\r\n/);
    expect(drawn.endsWith('line 99999\r\n')).toBe(true);
  });

  it('starts within a character never, where a flood has no lines', () => {
    const queue = new FeedQueue(SIZE);
    queue.output(Buffer.from('語'.repeat(200_001)));
    expect(text(takeAll(queue))).toMatch(/^\x18\r語+$/);
  });

  it('does not grow with a flood that nobody draws', () => {
    const queue = new FeedQueue(SIZE);
    const chunk = Buffer.from('\x1b[32mgreen\x1b[0m text\r\n'.repeat(1000));
    for (let i = 0; i < 1000; i++) queue.output(chunk);
    expect(queue.bytes).toBeLessThanOrEqual(512 * KIB);
  });

  it('keeps the modes of what is long gone, however they were cut', () => {
    for (const size of [1, 3, 5, 1000]) {
      const queue = new FeedQueue(SIZE);
      const start = Buffer.from('\x1b[?7l\x1b[?1049h\x1b[?25l');
      for (let at = 0; at < start.length; at += size) queue.output(start.subarray(at, at + size));
      for (let block = 0; block < 40; block++) queue.output(Buffer.from('y\r\n'.repeat(20_000)));
      expect(text(takeAll(queue))).toMatch(/^\x18\x1b\[\?1049h\x1b\[\?7l\x1b\[\?25l\ry\r\n/);
    }
  });

  it('remembers which screen is shown over what was drawn already', () => {
    const queue = new FeedQueue(SIZE);
    queue.output(Buffer.from('\x1b[?1049h'));
    takeAll(queue);
    queue.output(Buffer.from(`\x1b[?1049l${'y\r\n'.repeat(200_000)}`));
    expect(text(takeAll(queue))).toMatch(/^\x18\x1b\[\?1049l\ry\r\n/);
  });
});
