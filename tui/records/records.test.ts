import { hash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { leafOrderCheck } from '../../protocol/audit/envelope.ts';
import { openLog } from '../../protocol/log/log.ts';
import { parseSignerKey } from '../../protocol/log/note-keys.ts';
import { verifyLog } from '../../protocol/log/verify.ts';
import { readRecording } from '../replay/asciicast.ts';
import { CastWriter } from './cast-writer.ts';
import { type KnownMachine, MachineBook } from './machines.ts';
import { OwnLog } from './own-log.ts';
import { recordsPort } from './records-port.ts';
import { SessionStore } from './sessions.ts';
import { eventsOf } from './test-events.ts';
import { beginSession as begin, RECORDED_SESSION as ID } from './test-session.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'chaperone-records-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const LATER = '019aa001-0000-7000-8000-000000000001';

const MACHINE: KnownMachine = {
  v: 1,
  fingerprint: `SHA256:${'a/+'.repeat(14)}a`,
  machineKey: null,
  connectionId: '482913077',
  name: 'front-desk-2',
  addresses: ['192.0.2.7:2200'],
  firstSeen: '2026-11-22T10:00:00.000Z',
  lastSession: null,
  sessions: 0,
};

describe('machines', () => {
  it('are kept one file each, readable by their owner alone', () => {
    const book = new MachineBook(home);
    book.save(MACHINE);
    book.save({ ...MACHINE, fingerprint: `SHA256:${'c'.repeat(43)}`, connectionId: null });
    expect(book.all()).toHaveLength(2);
    expect(book.byId('482913077')).toEqual(MACHINE);
    expect(book.byFingerprint(MACHINE.fingerprint)).toEqual(MACHINE);
    for (const name of readdirSync(book.directory)) {
      expect(statSync(join(book.directory, name)).mode & 0o777).toBe(0o600);
    }
  });

  it('keep the last addresses only', () => {
    const book = new MachineBook(home);
    book.save({ ...MACHINE, addresses: ['a:1', 'b:1', 'a:1', ...Array.from({ length: 20 }, (_, n) => `h${n}:1`)] });
    expect(book.byId('482913077')?.addresses.slice(0, 3)).toEqual(['a:1', 'b:1', 'h0:1']);
    expect(book.byId('482913077')?.addresses).toHaveLength(8);
  });

  it('never look unknown because their record is damaged', () => {
    const book = new MachineBook(home);
    book.save(MACHINE);
    const [name = ''] = readdirSync(book.directory);
    writeFileSync(join(book.directory, name), '{"v":1');
    expect(() => book.all()).toThrow(expect.objectContaining({ exitCode: 5 }));
  });

  it('that were replaced are put aside and not deleted', () => {
    const book = new MachineBook(home);
    book.save(MACHINE);
    book.retire(MACHINE);
    expect(book.all()).toEqual([]);
    expect(readdirSync(book.directory)).toHaveLength(1);
  });
});

describe('sessions', () => {
  it('are listed with the newest first, and found by how their ID begins', () => {
    const store = new SessionStore(home);
    begin(store).end('the person ended it');
    begin(store, LATER);
    expect(store.list().map(({ grant: { session }, ending }) => [session, ending])).toEqual([
      [LATER, ''],
      [ID, 'the person ended it'],
    ]);
    expect(store.resolve('019AA001').grant.session).toBe(LATER);
    expect(() => store.resolve('019aa00')).toThrow('several');
    expect(() => store.resolve('x')).toThrow(expect.objectContaining({ exitCode: 2 }));
    expect(() => store.resolve('')).toThrow();
  });

  it('never take a number twice, nor one that is a path', () => {
    const store = new SessionStore(home);
    begin(store);
    expect(() => begin(store)).toThrow(expect.objectContaining({ exitCode: 5 }));
    expect(() => begin(store, '../../../../tmp/x')).toThrow(expect.objectContaining({ exitCode: 5 }));
    expect(store.find('../x')).toBeNull();
    expect(store.receiptNote('../x')).toBeNull();
    expect(store.recordings('../x')).toEqual([]);
    expect(store.audit('../x')).toEqual([]);
  });

  it('of a program that was killed are not live', () => {
    const store = new SessionStore(home);
    begin(store);
    const file = join(store.directory, ID, 'session.json');
    const record = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...record, holder: { pid: 2 ** 22 + 1, life: 'gone' } }));
    expect(store.find(ID)).toMatchObject({ endedAt: expect.any(String), ending: expect.stringContaining('stopped') });
  });

  it('keep what the machine told of its log, and skip a torn line', () => {
    const store = new SessionStore(home);
    const folder = begin(store);
    const event = {
      seq: 1,
      time: '2026-11-22T10:00:00.000Z',
      type: 'shell.opened',
      severity: 'notice',
      fields: {},
    } as const;
    folder.audit(event);
    folder.audit({ ...event, seq: 2 });
    const file = join(store.directory, ID, 'audit.jsonl');
    truncateSync(file, statSync(file).size - 5);
    expect(store.audit(ID)).toEqual([event]);
  });

  it('wake those who watch, and come live first', async () => {
    const port = recordsPort(home);
    const store = new SessionStore(home);
    const first = begin(store, LATER);
    await using stack = new AsyncDisposableStack();
    const woken = new Promise<void>((resolve) => stack.use(port.onChange(resolve)));
    first.end('over');
    await woken;
    begin(store);
    expect((await port.sessions()).map(({ id, endedAt }) => [id, endedAt === null])).toEqual([
      [ID, true],
      [LATER, false],
    ]);
  });

  it('note that a recording is looked at before its first byte is given', async () => {
    const port = recordsPort(home);
    const store = new SessionStore(home);
    await begin(store).record({ cols: 80, rows: 24 })?.close();
    const { bytes } = await port.recording(ID, 'shell-1.cast');
    const first = await bytes[Symbol.asyncIterator]().next();
    expect(Buffer.from(first.value).toString()).toContain('"version":2');
    expect(await eventsOf(new OwnLog(home))).toEqual([
      { type: 'recording.viewed', fields: { recording: `${ID}/shell-1.cast` } },
    ]);
    await expect(port.recording(ID, '../grant.note')).rejects.toMatchObject({ exitCode: 2 });
  });
});

describe('the technician’s copy of a shell', () => {
  it('is a recording that can be replayed at every moment, with characters whole', async () => {
    const file = join(home, 'x.cast');
    const writer = new CastWriter(file, { cols: 80, rows: 24 });
    const text = 'ä漢👩'.repeat(20_000);
    for (const byte of chunksOf(Buffer.from(text), 7)) writer.output(byte);
    const playable = async () =>
      await readRecording(
        (async function* () {
          yield readFileSync(file);
        })(),
      );
    expect((await playable()).torn).toBe(false);
    writer.resize({ cols: 132, rows: 43 });
    writer.output(Buffer.from('end'));
    const kept = await writer.close();
    writer.output(Buffer.from('late'));
    const { events, cols, torn } = await playable();
    expect([cols, torn]).toEqual([80, false]);
    const shown = events.map((event) => (event.kind === 'output' ? event.data : '')).join('');
    expect(shown).toBe(`${text}end`);
    expect(events.filter(({ kind }) => kind === 'resize')).toMatchObject([{ cols: 132, rows: 43 }]);
    expect(events.length).toBeLessThan(20);
    expect(kept).toEqual({
      recording: 'x.cast',
      recordingBytes: statSync(file).size,
      recordingSha256: hash('sha256', readFileSync(file)),
      complete: true,
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  function* chunksOf(bytes: Buffer, size: number): Generator<Buffer> {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
});

describe('the technician’s own log', () => {
  const fields = { machine: 'front-desk-2', address: '192.0.2.7:2200', reason: 'nobody home' };

  it('verifies with the key that others are given', async () => {
    const log = new OwnLog(home);
    await log.append('connection.failed', fields);
    await log.append('recording.viewed', { recording: 'x' }, { session: ID });
    expect(await eventsOf(log)).toEqual([
      { type: 'connection.failed', fields },
      { type: 'recording.viewed', fields: { recording: 'x' } },
    ]);
    const result = await verifyLog(log.directory, { verifierKeys: [log.verifierKey], checkEntry: leafOrderCheck() });
    expect(result).toMatchObject({ ok: true, size: 2 });
  });

  it('takes turns: many writers, one history', async () => {
    const logs = [new OwnLog(home), new OwnLog(home), new OwnLog(home)];
    const all = logs.flatMap((log) => [1, 2, 3].map(() => log.append('connection.failed', fields)));
    await Promise.all(all);
    const result = await verifyLog(new OwnLog(home).directory, { checkEntry: leafOrderCheck() });
    expect(result).toMatchObject({ ok: true, size: 9 });
  });

  it('waits while another process writes', async () => {
    const log = new OwnLog(home);
    await log.append('connection.failed', fields);
    const signer = parseSignerKey(readFileSync(join(home, 'log.key'), 'utf8'));
    const other = await openLog(log.directory, signer, { origin: signer.name });
    let done = false;
    const waiting = log.append('connection.failed', fields).then(() => {
      done = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(done).toBe(false);
    await other.close();
    await waiting;
    expect(await eventsOf(log)).toHaveLength(2);
  });

  it('does not begin anew when its key is lost', async () => {
    const log = new OwnLog(home);
    await log.append('connection.failed', fields);
    rmSync(join(home, 'log.key'));
    await expect(new OwnLog(home).append('connection.failed', fields)).rejects.toThrow('key of your log is missing');
  });

  it('seals what it says: without the key only order, time and kind are seen', async () => {
    const log = new OwnLog(home);
    await log.append('connection.failed', fields);
    const folder = readdirSync(log.directory, { recursive: true, withFileTypes: true });
    const bytes = folder
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name)));
    expect(Buffer.concat(bytes).toString('latin1')).toContain('connection.failed');
    expect(Buffer.concat(bytes).toString('latin1')).not.toContain('nobody home');
  });
});
