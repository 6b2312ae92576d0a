// `chaperoned start`, and what it leaves behind for `audit verify`.

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newSshKey } from '../../protocol/ssh-keygen.ts';
import { describeWith } from '../requires.ts';
import { begin, run } from './program-run.ts';
import { TmuxWindow } from './tmux-window.ts';

let home: string;
let policy: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'chaperone-start-'));
  policy = join(home, 'policy.yaml');
  writeFileSync(policy, 'machine: { name: front-desk-2 }\nlisten: ["127.0.0.1:0"]\n');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** Resolves with what the daemon logged up to and with `message`. */
async function logged(child: ChildProcess, message: string): Promise<string> {
  let log = '';
  for await (const chunk of child.stderr ?? []) {
    log += String(chunk);
    if (log.includes(`"msg":"${message}"`)) return log;
  }
  throw new Error(`the daemon ended before it logged ${message}:\n${log}`);
}

describe('chaperoned start', () => {
  it('runs until it is told to stop, and leaves a record that verifies and no socket', async () => {
    const daemon = begin(home, 'start', '--config', policy);
    const log = await logged(daemon, 'started');
    for (const line of log.trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ name: 'chaperoned' });
    expect(await run(home, 'status')).toMatchObject({ status: 0, stdout: expect.stringContaining('front-desk-2') });
    const { findings } = JSON.parse((await run(home, 'doctor', '--json')).stdout);
    expect(findings).toContainEqual(
      expect.objectContaining({ what: 'policy', state: 'ok', words: expect.stringContaining(policy) }),
    );
    daemon.kill('SIGTERM');
    expect(await once(daemon, 'close')).toEqual([0, null]);
    expect(readdirSync(join(home, 'machine', 'run'))).toEqual([]);
    expect(await run(home, 'audit', 'verify')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('is whole'),
    });
  });

  it('writes its log to a private file when asked', async () => {
    const file = join(home, 'daemon.log');
    const daemon = begin(home, 'start', '--config', policy, '--log', file);
    while ((await run(home, 'status')).status !== 0) expect(daemon.exitCode).toBeNull();
    expect((statSync(file).mode & 0o777).toString(8)).toBe('600');
    daemon.kill('SIGINT');
    await once(daemon, 'close');
    expect(readFileSync(file, 'utf8')).toContain('"msg":"started"');
  });

  it('does not start with a policy that is missing or wrong, and names every problem', async () => {
    expect(await run(home, 'start')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('chaperoned policy sample >'),
    });
    writeFileSync(policy, 'machine: { naem: x }\nrecrod: {}\n');
    const { status, stderr } = await run(home, 'start', '--config', policy);
    expect(status).toBe(2);
    expect(stderr).toContain(`${policy}:1:12: machine.naem: this key is not known (did you mean "name"?)`);
    expect(stderr).toContain(`${policy}:2:1: recrod`);
  });
});

describe('chaperoned policy', () => {
  it('sample passes check', async () => {
    writeFileSync(policy, (await run(home, 'policy', 'sample')).stdout);
    expect(await run(home, 'policy', 'check', policy)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('is a sound policy'),
    });
  });

  it('check says first that no session can start, where the policy of the organisation is missing', async () => {
    const ca = newSshKey('ca').publicLine;
    writeFileSync(policy, `organisation: { name: Clinic, ca: "${ca}", policy: missing.yaml }\n`);
    const { status, stdout } = await run(home, 'policy', 'check', policy);
    expect(stdout).toMatch(/^NO SESSION CAN START with /);
    expect(status).toBe(2);
  });

  it('check exits 2 and lists problems, as JSON too', async () => {
    writeFileSync(policy, 'consent: { timeout: 1s }\n');
    expect(await run(home, 'policy', 'check', policy)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(`${policy}:1:21`),
    });
    const { status, stdout } = await run(home, 'policy', 'check', policy, '--json');
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      problems: [{ line: 1, column: 21, path: 'consent.timeout' }],
    });
  });
});

describe('chaperoned audit verify', () => {
  it('exits 5 and says where when a byte of the record was changed', async () => {
    const daemon = begin(home, 'start', '--config', policy);
    await logged(daemon, 'started');
    daemon.kill('SIGTERM');
    await once(daemon, 'close');
    const entries = join(home, 'machine', 'audit', 'tile', 'entries', '000.p');
    const newest = readdirSync(entries).sort((a, b) => Number(b) - Number(a))[0] ?? '';
    const bytes = readFileSync(join(entries, newest));
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 10) ^ 1, bytes.length - 10);
    writeFileSync(join(entries, newest), bytes);
    const { status, stdout } = await run(home, 'audit', 'verify');
    expect(status).toBe(5);
    expect(stdout).toMatch(/DOES NOT VERIFY[\s\S]*entry \d+/);
    const json = JSON.parse((await run(home, 'audit', 'verify', '--json')).stdout);
    expect(json).toMatchObject({
      ok: false,
      findings: expect.arrayContaining([expect.objectContaining({ index: Number(newest) - 1 })]),
    });
  });

  it('says when there is no record', async () => {
    mkdirSync(join(home, 'machine'));
    expect(await run(home, 'audit', 'verify')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('there is no record at'),
    });
  });
});

describeWith('tmux', 'chaperoned start on a terminal', () => {
  it('says the number, the code and where it is reached in plain words', async () => {
    const main = new URL('../../daemon/main.ts', import.meta.url).pathname;
    using window = new TmuxWindow([process.execPath, main, 'start', '--config', policy], {
      cols: 160,
      env: { CHAPERONE_HOME: home },
    });
    const screen = await window.until('One-time code:');
    expect(screen.match(/nobody is listed/g)).toHaveLength(1);
    expect(screen).toMatch(/Technicians reach it at 127\.0\.0\.1:\d+\./);
    expect(screen).toMatch(/This computer's number: \d{3} \d{3} \d{3}/);
    const { code } = JSON.parse((await run(home, 'code', '--new', '--json')).stdout);
    await window.until(`One-time code: ${code}`);
    window.press('C-c');
    await window.until('exit status 0');
  });
});
