// Promise 4, the recorder's part: what was shown is in the file, the file can always be played, and trouble is told.

import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MemoryFile } from './memory-file.ts';
import { openRecording, type Recording, type RecordingOptions } from './recording.ts';

const PATIENT = { timeout: 30_000 }; // ms; a busy machine

let file: MemoryFile;
beforeEach(() => {
  file = new MemoryFile();
});
afterEach(() => {
  vi.useRealTimers();
});

const options: RecordingOptions = {
  cols: 80,
  rows: 24,
  title: 'front-desk-2',
  startedAt: new Date('2026-11-22T10:00:00Z'),
  term: 'xterm-256color',
  openFile: async () => file,
};
const open = (more: Partial<RecordingOptions> = {}): Promise<Recording> =>
  openRecording('/nowhere/1.cast', { ...options, ...more });

/** All lines of the file as JSON; throws when one is torn. */
function lines(): unknown[][] {
  const text = file.data.toString('utf8');
  expect(text.endsWith('\n')).toBe(true);
  return text
    .slice(0, -1)
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line));
}
const shown = () =>
  lines()
    .filter(([, code]) => code === 'o')
    .map(([, , text]) => text)
    .join('');

describe('a recording', () => {
  it('begins with its header, durable before the session goes on', async () => {
    const recording = await open();
    expect(JSON.parse(file.data.toString())).toEqual({
      version: 2,
      width: 80,
      height: 24,
      timestamp: 1_795_341_600,
      title: 'front-desk-2',
      env: { TERM: 'xterm-256color' },
    });
    expect(file.calls).toEqual(['write', 'sync']);
    await recording.close();
  });

  it('holds output, sizes and markers in order, and says what it holds', async () => {
    const recording = await open();
    recording.output(Buffer.from('one\r\n\x1b[31m"two"\\\x1b[0m'));
    recording.resize(100, 30);
    recording.output(Buffer.from('three'));
    recording.marker('consent withdrawn\n"now"');
    const summary = await recording.close();
    expect(lines().map(([, ...rest]) => rest)).toEqual([
      ['o', 'one\r\n\x1b[31m"two"\\\x1b[0m'],
      ['r', '100x30'],
      ['o', 'three'],
      ['m', 'consent withdrawn\n"now"'],
    ]);
    expect(summary).toMatchObject({
      bytes: file.data.length,
      sha256: createHash('sha256').update(file.data).digest('hex'),
      events: 4,
      complete: true,
    });
    expect(file.calls.slice(-2)).toEqual(['sync', 'close']);
  });

  it('joins characters that arrive in pieces, and marks what is no text', async () => {
    const recording = await open();
    const bytes = Buffer.from('a語b');
    for (const byte of bytes) recording.output(Buffer.from([byte]));
    recording.output(Buffer.from([0xff]));
    recording.output(Buffer.from([0xe8, 0xaa])); // never completed
    await recording.close();
    expect(shown()).toBe('a語b\uFFFD\uFFFD');
  });

  it('keeps a character whole that a resize cuts', async () => {
    const recording = await open();
    recording.output(Buffer.from([0xc3]));
    recording.resize(90, 20);
    recording.output(Buffer.from([0xbc]));
    await recording.close();
    expect(shown()).toBe('ü');
    expect(lines()).toHaveLength(2);
  });

  it('makes one event of output that comes close together, and writes them together', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const recording = await open();
    for (let ms = 0; ms < 90; ms++) {
      recording.output(Buffer.from('.'));
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(file.writes).toHaveLength(1); // the header
    await vi.advanceTimersByTimeAsync(10);
    await vi.waitFor(() => expect(file.writes).toHaveLength(2), PATIENT);
    expect(lines().map(([time, , text]) => [Math.round(Number(time) * 1000), String(text).length])).toEqual([
      [0, 20],
      [20, 20],
      [40, 20],
      [60, 20],
      [80, 10],
    ]);
    expect(recording.pending).toBe(0);
    await recording.close();
  });

  it('is made durable each second while something is written, and left alone else', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const recording = await open();
    const syncs = () => file.calls.filter((call) => call === 'datasync').length;
    for (let ms = 0; ms < 3000; ms += 100) {
      recording.output(Buffer.from('x'));
      await vi.advanceTimersByTimeAsync(100);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(syncs()).toBeGreaterThanOrEqual(2);
    await vi.advanceTimersByTimeAsync(5_000);
    const before = syncs();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(syncs()).toBe(before);
    await recording.close();
  });

  it('is made durable once more when something was written meanwhile', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const recording = await open();
    const write = async (text: string) => {
      recording.output(Buffer.from(text));
      await vi.advanceTimersByTimeAsync(100);
      await new Promise((resolve) => setImmediate(resolve));
      await vi.advanceTimersByTimeAsync(0);
    };
    let openGate = () => {};
    file.syncGate = new Promise((resolve) => {
      openGate = resolve;
    });
    await write('before');
    await vi.advanceTimersByTimeAsync(1_500);
    expect(file.calls.at(-1)).toBe('datasync');
    await write('meanwhile');
    expect(file.calls.at(-1)).toBe('write');
    openGate();
    await vi.advanceTimersByTimeAsync(1_500);
    expect(file.calls.at(-1)).toBe('datasync');
    await recording.close();
  });

  it('is not written after it was closed', async () => {
    const recording = await open();
    await Promise.all([recording.close(), recording.close()]);
    const length = file.data.length;
    recording.output(Buffer.from('late'));
    recording.resize(1, 1);
    recording.marker('late');
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(file.data.length).toBe(length);
  });
});

describe('a slow disk', () => {
  it('asks the caller to pause above 4 MiB and tells when it may go on, losing nothing', async () => {
    const recording = await open();
    let openGate = () => {};
    file.gate = new Promise((resolve) => {
      openGate = resolve;
    });
    let presses = 0;
    recording.onPressure(() => {
      presses += 1;
    });
    await recording.drained(); // nothing to wait for yet
    const chunk = Buffer.alloc(32 * 1024, 'x');
    for (let i = 0; i < 130; i++) recording.output(chunk);
    expect({ presses, pending: recording.pending }).toEqual({ presses: 1, pending: 130 * 32 * 1024 });
    const relief = recording.drained();
    openGate();
    await relief;
    expect(recording.pending).toBeLessThan(1024 * 1024);
    await recording.close();
    expect(shown()).toBe('x'.repeat(130 * 32 * 1024));
  });

  it('is written in whole lines even when it takes only a few bytes at a time', async () => {
    file.shortWrites = 7;
    const recording = await open();
    recording.output(Buffer.from('some text\r\n'));
    const { sha256, complete } = await recording.close();
    expect(shown()).toBe('some text\r\n');
    expect({ sha256, complete }).toEqual({
      sha256: createHash('sha256').update(file.data).digest('hex'),
      complete: true,
    });
  });
});

describe('trouble is told once and leaves a file that plays', () => {
  it('a disk that runs full in the middle of a line', async () => {
    const recording = await open();
    const seen = vi.fn();
    void recording.failed.then(seen);
    recording.output(Buffer.from('fits'));
    recording.resize(90, 30);
    file.capacity = file.data.length + 60;
    recording.output(Buffer.from('does not fit any more, by far'));
    const failure = await recording.failed;
    expect(failure).toMatchObject({ name: 'RecordingFailed', trouble: 'full' });
    recording.output(Buffer.from('not recorded'));
    const summary = await recording.close();
    expect(lines().map(([, ...rest]) => rest)).toEqual([
      ['o', 'fits'],
      ['r', '90x30'],
    ]);
    expect(summary).toMatchObject({
      complete: false,
      events: 2,
      bytes: file.data.length,
      sha256: createHash('sha256').update(file.data).digest('hex'),
    });
    expect(seen).toHaveBeenCalledTimes(1);
  });

  it.each(['write', 'datasync'] as const)('an input/output error in %s', async (operation) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const recording = await open();
    file.broken[operation] = Object.assign(new Error('i/o error'), { code: 'EIO' });
    recording.output(Buffer.from('text'));
    await vi.advanceTimersByTimeAsync(200);
    await new Promise((resolve) => setImmediate(resolve));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await recording.failed).toMatchObject({ trouble: 'error', cause: { code: 'EIO' } });
    expect((await recording.close()).complete).toBe(false);
    lines();
  });

  it.each(['sync', 'close'] as const)('an error in the last %s', async (operation) => {
    const recording = await open();
    file.broken[operation] = new Error('i/o error');
    expect((await recording.close()).complete).toBe(false);
    expect(await recording.failed).toMatchObject({ trouble: 'error' });
  });

  it('its own size limit, before it is passed', async () => {
    const recording = await open({ maxBytes: () => 100_000 });
    recording.output(Buffer.alloc(50_000, 'a'));
    await new Promise((resolve) => setTimeout(resolve, 150));
    recording.output(Buffer.alloc(50_000, 'b'));
    expect(await recording.failed).toMatchObject({ trouble: 'limit' });
    expect((await recording.close()).bytes).toBeLessThanOrEqual(100_000);
    expect(shown()).toBe('a'.repeat(50_000));
  });

  it('a full disk never leaves the caller waiting', async () => {
    const recording = await open();
    file.capacity = file.data.length;
    for (let i = 0; i < 200; i++) recording.output(Buffer.alloc(32 * 1024));
    const relief = recording.drained();
    await recording.failed;
    await relief;
    expect(recording.pending).toBe(0);
    await recording.close();
  });

  it('a file that cannot be created', async () => {
    const openFile = async () => {
      throw Object.assign(new Error('exists'), { code: 'EEXIST' });
    };
    await expect(open({ openFile })).rejects.toMatchObject({ name: 'RecordingFailed', trouble: 'error' });
    file.capacity = 0;
    await expect(open()).rejects.toMatchObject({ name: 'RecordingFailed', trouble: 'full' });
    expect(file.calls.at(-1)).toBe('close');
  });
});
