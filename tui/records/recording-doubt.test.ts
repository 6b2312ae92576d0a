// A recording is played with a word of warning unless the technician's own log vouches for every byte of it.

import { hash } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyLog } from '../../protocol/log/verify.ts';
import { type CheckedRecordings, RecordingCheck } from '../../protocol/recording/recording-check.ts';
import type { Doubt } from '../dashboard/ports.ts';
import { vouchForLeftCopies } from './left-copies.ts';
import { OwnLog } from './own-log.ts';
import { recordsPort } from './records-port.ts';
import { SessionStore } from './sessions.ts';
import { ShellCopies } from './shell-copies.ts';
import { eventsOf } from './test-events.ts';
import { beginSession, RECORDED_SESSION as ID } from './test-session.ts';

const SIZE = { cols: 80, rows: 24 };

let home: string;
let log: OwnLog;
let store: SessionStore;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'chaperone-doubt-'));
  log = new OwnLog(home);
  store = new SessionStore(home);
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const cast = (shell = 1) => join(store.directory, ID, `shell-${shell}.cast`);
const doubt = async (shell = 1): Promise<Doubt | null> => {
  const found = (await recordsPort(home).recording(ID, `shell-${shell}.cast`)).doubt;
  expect(found?.words.length ?? 0).toBeLessThan(80); // with the space before it, a row of the smallest usual terminal
  return found;
};
const recorded = async () =>
  (await eventsOf(log)).filter(({ type }) => type === 'recording.kept' || type === 'recording.found');

/** What `audit verify` finds of the recordings. */
async function checked(): Promise<CheckedRecordings | null> {
  const check = new RecordingCheck(log.directory);
  await verifyLog(log.directory, {
    checkEntry: (entry) => {
      check.entry(entry);
      return null;
    },
  });
  return await check.compare();
}

/** A session in which so many shells were opened and have shown something. */
function shells(count = 1) {
  const folder = beginSession(store);
  const problems: unknown[] = [];
  const copies = new ShellCopies({
    folder,
    vouchFor: (kept) => log.append('recording.kept', kept, { session: ID }),
    onProblem: (problem) => problems.push(problem),
  });
  const open = Array.from({ length: count }, () => copies.begin(SIZE));
  for (const copy of open) copy?.output(Buffer.from('desk$ uptime\r\n'));
  return { copies, folder, open, problems };
}

/** The program that held the session is gone. */
function kill(): void {
  const file = join(store.directory, ID, 'session.json');
  const record = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...record, holder: { pid: 2 ** 22 + 1, life: 'gone' } }));
}

describe('a copy that was closed', () => {
  it('is in the log with its name, size and hash, each once, and is played without a word', async () => {
    const { copies, open, folder } = shells(2);
    copies.end(open[0] ?? null);
    copies.end(open[0] ?? null);
    await copies.endAll();
    folder.end('over');
    const told = (await recorded()).map(({ type, fields }) => [type, fields.recording, fields.complete]);
    expect(told.sort()).toEqual([
      ['recording.kept', 'shell-1.cast', true],
      ['recording.kept', 'shell-2.cast', true],
    ]);
    expect([await doubt(1), await doubt(2)]).toEqual([null, null]);
  });

  it('is doubted when one byte of it was changed, or one was added', async () => {
    await shells().copies.endAll();
    const whole = readFileSync(cast(), 'utf8');
    writeFileSync(cast(), whole.replace('uptime', 'uptimE'));
    expect(await doubt()).toMatchObject({ grave: true, words: expect.stringContaining('CHANGED') });
    writeFileSync(cast(), whole);
    expect(await doubt()).toBeNull();
    appendFileSync(cast(), '[9.0, "o", "more"]\n');
    expect(await doubt()).toMatchObject({ grave: true });
  });

  it('cannot be replaced by telling the log of another file with its name later', async () => {
    await shells().copies.endAll();
    writeFileSync(cast(), readFileSync(cast(), 'utf8').replace('uptime', 'reboot'));
    const record = JSON.parse(readFileSync(join(store.directory, ID, 'session.json'), 'utf8'));
    writeFileSync(join(store.directory, ID, 'session.json'), JSON.stringify({ ...record, copiesOpen: true }));
    kill();
    await vouchForLeftCopies(home);
    expect(await recorded()).toHaveLength(1);
    const recordingSha256 = hash('sha256', readFileSync(cast()));
    const fields = { recording: 'shell-1.cast', recordingBytes: 1, recordingSha256, complete: true };
    await log.append('recording.kept', fields, { session: ID });
    expect(await doubt()).toMatchObject({ grave: true });
    expect(await checked()).toMatchObject({ intact: 0, changed: [`sessions/${ID}/shell-1.cast`] });
  });

  it('is not compared when the key to what the log says of it is gone, or is another one', async () => {
    await shells().copies.endAll();
    const key = join(home, 'body-keys', `${ID}.key`);
    rmSync(key);
    expect(await doubt()).toMatchObject({ grave: false, words: expect.stringContaining('key') });
    writeFileSync(key, `${'0'.repeat(64)}\n`);
    expect(await doubt()).toMatchObject({ grave: false, words: expect.stringContaining('key') });
    expect(await checked()).toMatchObject({ intact: 0, unvouched: [`sessions/${ID}/shell-1.cast`] });
  });

  it('says so when its end is missing', async () => {
    const { copies, open } = shells();
    const [copy] = open;
    if (copy === undefined || copy === null) throw new Error('no copy');
    await copies.endAll();
    await log.append(
      'recording.kept',
      { ...(await copy.close()), recording: 'shell-2.cast', complete: false },
      { session: ID },
    );
    cpSync(cast(1), cast(2));
    expect(await doubt(2)).toMatchObject({ grave: false, words: expect.stringContaining('end is missing') });
  });

  it('is not vouched for by an entry that the log does not hold', async () => {
    await shells().copies.endAll();
    const folder = join(log.directory, 'tile', 'entries', '000.p');
    const other = mkdtempSync(join(tmpdir(), 'chaperone-other-'));
    const entries = (of: string) => readdirSync(of).sort((a, b) => Number(b) - Number(a))[0] ?? '';
    // Another log with the same keys to its bodies: what it says opens, and stands in no tree that this log signed.
    cpSync(join(home, 'body-keys'), join(other, 'body-keys'), { recursive: true });
    const forged = new OwnLog(other);
    const [kept] = await recorded();
    await forged.append('recording.kept', { ...kept?.fields, recordingSha256: 'f'.repeat(64) } as never, {
      session: ID,
    });
    await log.append('recording.viewed', { recording: 'x' });
    writeFileSync(join(folder, '2'), twoEntries(join(other, 'audit', 'tile', 'entries', '000.p', '1'), folder));
    const { doubtAbout } = await import('./recording-doubt.ts');
    const path = `sessions/${ID}/shell-1.cast`;
    expect(entries(folder)).toBe('2');
    expect(await doubtAbout(log, { file: cast(), path, live: false })).toMatchObject({
      grave: true,
      words: expect.stringContaining('does not verify'),
    });
    rmSync(other, { recursive: true });
  });

  /** The forged entry, then the second one of the honest bundle. */
  function twoEntries(forged: string, folder: string): Buffer {
    const honest = readFileSync(join(folder, '2'));
    return Buffer.concat([readFileSync(forged), honest.subarray(2 + honest.readUInt16BE(0))]);
  }
});

describe('a copy of which the log was not told', () => {
  it('is said to be still recorded while its session goes on', async () => {
    shells();
    expect(await doubt()).toMatchObject({ grave: false, words: expect.stringContaining('Still being recorded') });
    await vouchForLeftCopies(home); // as another window would at its start
    expect(await recorded()).toEqual([]);
  });

  it('is said to be unknown, as one that an older version made or that somebody put there', async () => {
    const { copies, folder } = shells();
    await copies.endAll();
    folder.end('over');
    cpSync(cast(1), cast(2));
    expect(await doubt(2)).toMatchObject({ grave: false, words: expect.stringContaining('says nothing') });
    await vouchForLeftCopies(home);
    expect(await recorded()).toHaveLength(1);
  });

  it('of a program that was killed is in the log from the next start on, which is said', async () => {
    const { open } = shells(2);
    await open[0]?.close().then((kept) => log.append('recording.kept', kept, { session: ID }));
    await open[1]?.close(); // on the disk, as what was written before the end is
    symlinkSync('/etc/hostname', cast(3));
    kill();
    expect(await doubt(2)).toMatchObject({ words: expect.stringContaining('says nothing') });
    await vouchForLeftCopies(home);
    await vouchForLeftCopies(home);
    expect((await recorded()).map(({ type, fields }) => [type, fields.recording])).toEqual([
      ['recording.kept', 'shell-1.cast'],
      ['recording.found', 'shell-2.cast'],
    ]);
    expect(await doubt(1)).toBeNull();
    expect(await doubt(2)).toMatchObject({ grave: false, words: expect.stringContaining('only since') });
    appendFileSync(cast(2), '[9.0, "o", "more"]\n');
    expect(await doubt(2)).toMatchObject({ grave: true });
  });

  it('because the log could not be written is told to it at the next start', async () => {
    const { copies, problems } = shells();
    rmSync(join(home, 'body-keys'), { recursive: true });
    await copies.endAll();
    expect(problems).toHaveLength(1);
    new OwnLog(home); // makes the folder again
    kill();
    await vouchForLeftCopies(home);
    expect((await recorded()).map(({ type }) => type)).toEqual(['recording.found']);
  });
});
