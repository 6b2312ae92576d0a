// Promise 4 on a real disk that is full: a file system of one megabyte.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRecording } from './recording.ts';

const SIZE = 1024 * 1024;

/** Mounts a tiny file system; undefined when that is not allowed here. */
function tinyDisk(): (Disposable & { readonly path: string }) | undefined {
  const path = mkdtempSync(join(tmpdir(), 'chaperone-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', path], { stdio: 'ignore' });
  } catch {
    rmSync(path, { recursive: true });
    return undefined;
  }
  return {
    path,
    [Symbol.dispose]: () => {
      execFileSync('umount', [path]);
      rmSync(path, { recursive: true });
    },
  };
}

describe('a full disk', () => {
  it('ends the recording with whole lines, says so, and takes no more', async (context) => {
    using disk = tinyDisk();
    if (disk === undefined) return context.skip('only root may mount a tiny file system');
    const file = join(disk.path, '1.cast');
    const recording = await openRecording(file, { cols: 80, rows: 24, title: 'full', startedAt: new Date() });
    const chunk = Buffer.from('a line of the log with \x1b[31mcolour\x1b[0m\r\n'.repeat(100));
    let failed = false;
    void recording.failed.then(() => {
      failed = true;
    });
    for (let i = 0; i < 10_000 && !failed; i++) {
      recording.output(chunk);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await recording.failed).toMatchObject({ name: 'RecordingFailed', trouble: 'full' });
    const summary = await recording.close();
    expect(summary).toMatchObject({ complete: false, bytes: statSync(file).size });
    const lines = readFileSync(file, 'utf8').split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.length).toBe(summary.events + 1);
    for (const line of lines) JSON.parse(line);
  });
});
