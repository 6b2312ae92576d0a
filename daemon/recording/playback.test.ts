// A recording is evidence only if tools that are not ours can play it: Debian's asciinema, on a file of a real shell.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeWith } from '../../test/requires.ts';
import { detectContainment } from '../run/detect-containment.ts';
import { startShell } from '../run/shell.ts';
import { treeContainment } from '../run/tree-containment.ts';
import { openRecording } from './recording.ts';
import { repairRecording } from './repair.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chaperone-recording-'));
  file = join(folder, '1.cast');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const options = { cols: 80, rows: 24, title: 'a "quoted" title', startedAt: new Date(), term: 'xterm-256color' };

const SCRIPT = String.raw`
  until [ "$(stty size)" = '30 100' ]; do sleep 0.01; done
  printf '\033[1;31mrot\033[0m \033[38;5;20mblau\033[0m \033[38;2;1;2;3mgenau\033[0m\n'
  printf 'weit: 日本語 한국어 😀👩‍⚕️ é̂ "zitiert" \\ \t|\n'
  printf '\377\376 kein UTF-8\n'
  printf '\033[?1049h\033[2J\033[5;5HVollbild\033[?1049l'
  seq 1 500
  stty size
`;

/** Records a real shell and returns what it really printed. */
async function recordShell(): Promise<Buffer> {
  await using recording = await openRecording(file, options);
  await using shell = await startShell({
    program: '/bin/bash',
    args: ['-c', SCRIPT],
    cwd: '/',
    environment: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' },
    cols: 80,
    rows: 24,
    term: 'xterm-256color',
    containment: await detectContainment(),
  });
  const chunks: Buffer[] = [];
  shell.resize(100, 30);
  recording.resize(100, 30);
  shell.onOutput((chunk) => {
    chunks.push(chunk);
    recording.output(chunk);
  });
  await shell.exited;
  recording.marker('the end');
  expect(await recording.close()).toMatchObject({ complete: true, bytes: statSync(file).size });
  return Buffer.concat(chunks);
}

/** Runs asciinema on a terminal of its own, which it insists on, and returns what it writes. */
async function asciinema(command: string): Promise<string> {
  const output = join(folder, 'played');
  await using player = await startShell({
    program: '/bin/sh',
    args: ['-c', `asciinema ${command} "$0" >"$1"`, file, output],
    cwd: folder,
    environment: { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', HOME: folder },
    cols: 80,
    rows: 24,
    term: 'xterm-256color',
    containment: treeContainment,
  });
  let complaint = '';
  player.onOutput((chunk) => {
    complaint += chunk;
  });
  expect({ exit: await player.exited, complaint }).toEqual({ exit: { code: 0, signal: null }, complaint: '' });
  return readFileSync(output, 'utf8');
}

describeWith('asciinema', 'asciinema', () => {
  it('prints exactly what the shell printed', async () => {
    const printed = await recordShell();
    const shown = await asciinema('cat');
    expect(shown).toBe(printed.toString('utf8')); // bytes that are no UTF-8 become U+FFFD in both
    expect(shown).toMatch(/日本語 한국어 😀👩‍⚕️[\s\S]*\uFFFD\uFFFD kein UTF-8[\s\S]*\r\n30 100\r\n/);
  });

  it('plays it', async () => {
    const printed = await recordShell();
    expect(await asciinema('play -i 0.01 -s 100')).toBe(printed.toString('utf8'));
  });

  it('plays what is there while the recording goes on', async () => {
    await using recording = await openRecording(file, options);
    for (let line = 0; line < 3; line++) {
      recording.output(Buffer.from(`line ${line}\r\n`));
      while (recording.pending > 0) await new Promise((resolve) => setTimeout(resolve, 10));
      expect(await asciinema('cat')).toMatch(new RegExp(`line ${line}\r\n$`));
    }
  });
});

describe('a recording on a real disk', () => {
  it('is readable by its owner only and never written over', async () => {
    await using _recording = await openRecording(file, options);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await expect(openRecording(file, options)).rejects.toMatchObject({ name: 'RecordingFailed' });
    expect(readdirSync(folder)).toEqual(['1.cast']);
  });

  it('can be played after the process was killed in the middle of a flood', async () => {
    for (let round = 0; round < 5; round++) {
      const path = join(folder, `killed-${round}.cast`);
      const child = spawn(process.execPath, [fileURLToPath(new URL('./flood-recorder.ts', import.meta.url)), path], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(child.stdout, 'data'); // megabytes are written
      child.kill('SIGKILL');
      await once(child, 'close');
      await repairRecording(path);
      const lines = readFileSync(path, 'utf8').split('\n');
      expect(lines.pop()).toBe('');
      expect(lines.length).toBeGreaterThan(20);
      for (const line of lines) JSON.parse(line);
    }
  });
});

describe('repairing a recording', () => {
  beforeEach(async () => {
    await using recording = await openRecording(file, options);
    recording.output(Buffer.from('kept\r\n'));
    recording.resize(90, 30);
  });

  it('leaves a whole one alone', async () => {
    const before = readFileSync(file);
    expect(await repairRecording(file)).toBe(0);
    expect(readFileSync(file)).toEqual(before);
  });

  it('cuts a torn line, wherever it was torn, and nothing else', async () => {
    const whole = readFileSync(file);
    const lastLine = whole.lastIndexOf('\n', whole.length - 2) + 1;
    for (let length = whole.length - 1; length > lastLine; length--) {
      truncateSync(file, length);
      expect(await repairRecording(file)).toBe(length - lastLine);
      expect(readFileSync(file)).toEqual(whole.subarray(0, lastLine));
      await appendFile(file, whole.subarray(lastLine));
    }
  });

  it('cuts what a power cut left of several lines', async () => {
    const whole = readFileSync(file);
    await appendFile(
      file,
      Buffer.concat([Buffer.alloc(4096), Buffer.from('\n'), Buffer.alloc(3), Buffer.from('[1.0\n[2')]),
    );
    expect(await repairRecording(file)).toBe(4096 + 1 + 3 + 5 + 2);
    expect(readFileSync(file)).toEqual(whole);
  });

  it('leaves nothing of a file without a header', async () => {
    truncateSync(file, 5);
    expect(await repairRecording(file)).toBe(5);
    expect(statSync(file).size).toBe(0);
  });
});
