import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordingReader, readEvents, readRecording } from './asciicast.ts';

const HEADER = '{"version": 2, "width": 80, "height": 24, "timestamp": 1700000000, "env": {"TERM": "xterm"}}\n';

const read = (text: string) => {
  const reader = new RecordingReader();
  reader.push(Buffer.from(text));
  return reader.end();
};

describe('a recording', () => {
  it('is read: output, sizes, markers; what does not show is left out', () => {
    const text = `${HEADER}[0.5, "o", "hi\\r\\n"]\n[1, "r", "100x30"]\n[1, "i", "x"]\n[2.25, "m", "here\\u001b[31m"]\n[3, "x", 0]\n`;
    expect(read(text)).toEqual({
      cols: 80,
      rows: 24,
      startedAt: 1_700_000_000_000,
      duration: 3000,
      torn: false,
      events: [
        { at: 500, kind: 'output', data: 'hi\r\n' },
        { at: 1000, kind: 'resize', cols: 100, rows: 30 },
        { at: 2250, kind: 'marker', label: 'here' },
      ],
    });
  });

  it('is the same however its bytes are cut', async () => {
    const bytes = Buffer.from(`${HEADER}[0.1, "o", "漢字👩"]\n[0.2, "o", "b"]\n`);
    const whole = read(bytes.toString());
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 9 }), async (size) => {
        async function* chunks() {
          for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
        }
        expect(await readRecording(chunks())).toEqual(whole);
      }),
    );
  });

  it('that was torn in its last line is whole up to there, wherever it was torn', () => {
    const text = `${HEADER}[0.1, "o", "first"]\n[0.2, "o", "second"]\n`;
    for (let cut = HEADER.length + 1; cut < text.length; cut += 1) {
      const { events, torn } = read(text.slice(0, cut));
      expect(events.length).toBe(cut >= text.indexOf('\n[0.2') + 1 ? 1 : 0);
      expect(torn).toBe(text[cut - 1] !== '\n');
    }
    expect(read(`${HEADER}[0.1, "o", "first"]\n[0.2, "o\n`)).toMatchObject({ torn: true, duration: 100 });
  });

  it.each([
    ['nothing', '', /no header in line 1/],
    ['another version', '{"version": 3, "width": 80, "height": 24}\n', /version 2 in line 1/],
    ['a size that would take all memory', '{"version": 2, "width": 100000, "height": 24}\n', /in line 1/],
    ['a broken line before the end', `${HEADER}[0.1, "o"\n[0.2, "o", "x"]\n`, /no event in line 2/],
    ['time that goes backwards', `${HEADER}[2, "o", "a"]\n[1, "o", "b"]\n`, /backwards in line 3/],
    ['negative time', `${HEADER}[-1, "o", "a"]\n[1, "o", "b"]\n`, /line 2/],
    ['a size that is none', `${HEADER}[1, "r", "big"]\n`, /no size in line 2/],
  ])('is refused with the line that is wrong: %s', (_, text, problem) => {
    expect(() => read(text)).toThrow(problem);
  });

  it('with a line without end is refused before it fills memory', () => {
    const reader = new RecordingReader();
    reader.push(Buffer.from(HEADER));
    const piece = Buffer.alloc(1024 * 1024, 'x');
    expect(() => {
      for (let pushed = 0; pushed < 10; pushed += 1) reader.push(piece);
    }).toThrow(/too much/);
  });
});

describe('a large recording', () => {
  const LINE = Buffer.from(`[1, "o", "${'x'.repeat(64 * 1024)}"]\n`);
  async function* large(lines: number) {
    yield Buffer.from(HEADER);
    for (let line = 0; line < lines; line += 1) yield LINE;
  }

  it('tells how far it is, and stops when nobody waits for it any more', async () => {
    const told: number[] = [];
    expect((await readRecording(large(40), { onProgress: (bytes) => told.push(bytes) })).events).toHaveLength(40);
    expect(told).toHaveLength(2);
    const leaving = new AbortController();
    const reading = readRecording(large(1_000_000), { onProgress: () => leaving.abort(), signal: leaving.signal });
    await expect(reading).rejects.toThrow('aborted');
  });

  it('can be read event by event, with all that is wrong with it', async () => {
    const events = [];
    for await (const { kind } of readEvents(large(3))) events.push(kind);
    expect(events).toEqual(['output', 'output', 'output']);
    const bad = async function* () {
      yield Buffer.from('{}\n');
    };
    await expect(readEvents(bad()).next()).rejects.toThrow('no header');
  });
});
