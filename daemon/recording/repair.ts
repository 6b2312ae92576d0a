// Makes a recording playable again that ended in the middle of a line: the process was killed inside a write, or the
// power failed. Players such as asciinema 2.2 crash on a torn last line.

import { open } from 'node:fs/promises';

const WINDOW = 1024 * 1024; // no line is longer: 64 KiB of output, each byte at most six
const NEWLINE = 0x0a;

/**
 * Cuts the file after its last whole line. Call it for each recording of an earlier run, before it is hashed or shown.
 * @returns how many bytes were cut, 0 for a file that was whole
 */
export async function repairRecording(path: string): Promise<number> {
  const handle = await open(path, 'r+');
  try {
    const { size } = await handle.stat();
    let end = size;
    // Several lines may be torn after a power cut: blocks reach the disk in any order and the missing ones are zeros.
    for (let last = await lastLine(end); last !== undefined && !isJson(last.text); last = await lastLine(end)) {
      end = last.start;
    }
    if (end < size) {
      await handle.truncate(end);
      await handle.sync();
    }
    return size - end;
  } finally {
    await handle.close();
  }

  /** The last line before `end` with where it starts, whether it is whole or not; undefined when nothing is left. */
  async function lastLine(end: number): Promise<{ start: number; text: string } | undefined> {
    if (end === 0) return undefined;
    const from = Math.max(0, end - WINDOW);
    const window = Buffer.alloc(end - from);
    await handle.read(window, 0, window.length, from);
    const start = from + (window.length < 2 ? 0 : window.lastIndexOf(NEWLINE, window.length - 2) + 1);
    return { start, text: window.toString('utf8', start - from) };
  }
}

function isJson(line: string): boolean {
  if (!line.endsWith('\n')) return false;
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
