import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unstyled } from '../../protocol/terminal/sgr.ts';
import type { RecordedEvent, Recording } from './asciicast.ts';
import { Player, type PlayerClock } from './player.ts';
import { Timeline } from './timeline.ts';

const recording = (events: readonly RecordedEvent[]): Recording => ({
  cols: 20,
  rows: 3,
  startedAt: null,
  events,
  duration: events.at(-1)?.at ?? 0,
  torn: false,
});

const output = (at: number, data: string): RecordedEvent => ({ at, kind: 'output', data });

const counting = recording([
  ...Array.from({ length: 10 }, (_, second) => output(second * 1000, `\x1b[2J\x1b[Hsecond ${second}`)),
  { at: 9500, kind: 'marker', label: 'late' },
  { at: 9600, kind: 'resize', cols: 30, rows: 4 },
  output(10_000, '\x1b[2J\x1b[Hend'),
]);

/** A clock that the test moves; `advance` runs what is due and waits for its effects. */
function testClock() {
  let now = 0;
  let due: { at: number; run: () => void }[] = [];
  const clock: PlayerClock = {
    now: () => now,
    after(ms, run) {
      const entry = { at: now + ms, run };
      due.push(entry);
      return { [Symbol.dispose]: () => (due = due.filter((other) => other !== entry)) };
    },
  };
  const settled = async () => {
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setTimeout(resolve, 0));
  };
  const advance = async (ms: number) => {
    now += ms;
    const ready = due.filter(({ at }) => at <= now);
    due = due.filter(({ at }) => at > now);
    for (const { run } of ready) run();
    await settled();
  };
  return { clock, advance, settled };
}

const first = (player: Player) => unstyled(player.frame().lines[0] ?? '').trim();

describe('a replay', () => {
  it('plays, pauses and plays faster', async () => {
    const { clock, advance, settled } = testClock();
    using player = new Player(counting, () => {}, clock);
    player.play();
    await settled();
    expect(first(player)).toBe('second 0');
    await advance(2500);
    expect(first(player)).toBe('second 2');
    player.pause();
    await advance(5000);
    expect(first(player)).toBe('second 2');
    player.changeSpeed(1);
    player.play();
    await settled();
    await advance(1500);
    expect(player.position).toBe(5500);
    expect(first(player)).toBe('second 5');
    await advance(60_000);
    expect(player.playing).toBe(false);
    expect(player.frame()).toMatchObject({ at: 10_000, cols: 30, rows: 4 });
  });

  it('seeks both ways and to markers', async () => {
    using player = new Player(counting, () => {}, testClock().clock);
    await player.seek(7300);
    expect(first(player)).toBe('second 7');
    await player.seek(1100);
    expect(first(player)).toBe('second 1');
    await player.seekMarker(1);
    expect(player.position).toBe(9500);
    expect(first(player)).toBe('second 9');
    await player.seekMarker(-1);
    expect(player.position).toBe(0);
    await player.seek(1e9);
    expect(first(player)).toBe('end');
  });

  it('never lets a recorded query or title out', async () => {
    const hostile = recording([output(0, 'a\x1b]0;owned\x07\x1b[6n\x1b]52;c;eA==\x07b')]);
    using player = new Player(hostile, () => {}, testClock().clock);
    await player.seek(0);
    expect(first(player)).toBe('ab');
  });
});

describe('seeking', () => {
  it('shows the same as playing up to there, whatever was sought before', async () => {
    const piece = fc.constantFrom(
      'a',
      'bb ',
      '\r\n',
      '\x1b[H',
      '\x1b[31m',
      '\x1b[0m',
      '漢',
      '\x1b[2J',
      '\x1b[?25l',
      '\x1b[2;3r',
    );
    const event = fc.oneof(
      { weight: 9, arbitrary: fc.array(piece, { minLength: 1 }).map((parts) => output(0, parts.join(''))) },
      {
        weight: 1,
        arbitrary: fc
          .record({ cols: fc.integer({ min: 5, max: 30 }), rows: fc.integer({ min: 2, max: 6 }) })
          .map((size) => ({
            at: 0,
            kind: 'resize' as const,
            ...size,
          })),
      },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 2, maxLength: 12 }),
        fc.array(fc.nat(12), { maxLength: 5 }),
        async (events, seeks) => {
          const timed = recording(events.map((each, index) => ({ ...each, at: index * 100 })));
          using sought = new Timeline(timed);
          for (const seek of seeks) await sought.show(seek * 100);
          using played = new Timeline(timed);
          await played.show((seeks.at(-1) ?? 0) * 100);
          await sought.show((seeks.at(-1) ?? 0) * 100);
          expect(sought.screen.lines()).toEqual(played.screen.lines());
        },
      ),
      { numRuns: 60 },
    );
  });

  it('back over a long recording starts from a keyframe and shows the same', async () => {
    const line = `${'x'.repeat(60)}\r\n`;
    const long = recording(
      Array.from({ length: 400 }, (_, index) =>
        output(index * 100, `${line.repeat(50)}\x1b[32mmark ${index}\x1b[0m\r\n`),
      ),
    );
    using timeline = new Timeline(long);
    await timeline.show(40_000);
    await timeline.show(20_000);
    const back = timeline.screen.lines();
    using fresh = new Timeline(long);
    await fresh.show(20_000);
    expect(back).toEqual(fresh.screen.lines());
    expect(back.map(unstyled).join('\n')).toContain('mark 200');
  });
});
