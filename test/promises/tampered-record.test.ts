// A record that was changed after a real session is found out by the real command, which says where.

import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBody, readHeader, sealLeaf } from '../../protocol/audit/envelope.ts';
import { openLog } from '../../protocol/log/log.ts';
import { generateSignerKey, parseSignerKey } from '../../protocol/log/note-keys.ts';
import { readEntries } from '../../protocol/log/reader.ts';
import { RealMachine } from '../harness/real-machine.ts';

const DOES_NOT_VERIFY = 5; // protocol/errors.ts
const MANY = 100_000; // entries

let machine: RealMachine;
let copies = 0;
beforeAll(async () => {
  machine = await RealMachine.start();
  await using technician = await machine.session();
  const control = await technician.control();
  await control.request('chat.send', { text: 'the printer works again' });
  const shell = await technician.shell();
  shell.enter('echo $((6*7))');
  await shell.until('42');
  await machine.end();
  await machine.stop();
});
afterAll(() => machine[Symbol.asyncDispose]());

/** A copy of the whole machine's state, so that key and receipts lie beside the log; its log directory. */
function copy(): string {
  copies += 1;
  const home = join(machine.root, `copy-${copies}`);
  cpSync(machine.home, home, { recursive: true, filter: (file) => !file.endsWith('.sock') });
  return join(home, 'audit');
}

/** The widest bundle of entries: the newest state. */
function newestBundle(log: string): string {
  const folder = join(log, 'tile', 'entries');
  const partial = readdirSync(folder).find((name) => name.endsWith('.p')) ?? '';
  const widths = readdirSync(join(folder, partial)).map(Number);
  return join(folder, partial, String(Math.max(...widths)));
}

/** The entries of a bundle (uint16 length, bytes). */
function entriesOf(bundle: Buffer): Buffer[] {
  const entries: Buffer[] = [];
  for (let at = 0; at < bundle.length; ) {
    const next = at + 2 + bundle.readUInt16BE(at);
    entries.push(bundle.subarray(at, next));
    at = next;
  }
  return entries;
}

async function verify(log: string) {
  const result = await machine.chaperoned('audit', 'verify', log, '--json');
  const text = await machine.chaperoned('audit', 'verify', log);
  expect(text.code).toBe(result.code);
  return { code: result.code, report: JSON.parse(result.stdout), text: text.stdout };
}

describe('a changed record', () => {
  it('is told from an honest one', async () => {
    const { code, text, report } = await verify(copy());
    expect([code, report.ok]).toEqual([0, true]);
    expect(text).toContain('It contains what 1 receipt saw');
    expect(text).toContain('1 recording is as the log says');
  });

  it('is found where a recording was changed, also when its receipt is gone or its words were disposed of', async () => {
    const without: ((home: string, folder: string) => void)[] = [
      () => undefined,
      (_, folder) => rmSync(join(folder, 'receipt.note')),
      (home) => rmSync(join(home, 'body-keys'), { recursive: true }),
    ];
    for (const remove of without) {
      const log = copy();
      const [session = ''] = readdirSync(join(log, '../sessions'));
      const folder = join(log, '../sessions', session);
      const cast = join(folder, 'shell-1.cast');
      writeFileSync(cast, readFileSync(cast, 'utf8').replace('42', '43'));
      remove(join(log, '..'), folder);
      const { code, text, report } = await verify(log);
      expect(code).toBe(DOES_NOT_VERIFY);
      expect(text).toContain(`sessions/${session}/shell-1.cast: the recording was changed`);
      expect(report).toMatchObject({ ok: false, findings: [], recordings: { intact: 0, missing: [] } });
    }
  });

  it('is not what a recording looks like that was removed, or of which nothing can be read any more', async () => {
    const removed = copy();
    const [session = ''] = readdirSync(join(removed, '../sessions'));
    rmSync(join(removed, '../sessions', session, 'shell-1.cast'));
    const gone = await verify(removed);
    expect([gone.code, gone.report.ok]).toEqual([0, true]);
    expect(gone.text).toContain(`sessions/${session}/shell-1.cast: the recording is not there any more`);
    const disposed = copy();
    rmSync(join(disposed, '../body-keys'), { recursive: true });
    rmSync(join(disposed, '../sessions', session, 'receipt.note'));
    const { code, text } = await verify(disposed);
    expect(code).toBe(0);
    expect(text).toContain('nothing readable says what must be in it');
  });

  it('is found where one byte was flipped, wherever it is', async () => {
    const size = readFileSync(newestBundle(copy())).length;
    for (const share of [0.02, 0.3, 0.6, 0.95]) {
      const log = copy();
      const bundle = newestBundle(log);
      const bytes = readFileSync(bundle);
      const at = Math.floor(size * share);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      writeFileSync(bundle, bytes);
      const { code, text, report } = await verify(log);
      expect([share, code]).toEqual([share, DOES_NOT_VERIFY]);
      expect(text).toContain('DOES NOT VERIFY');
      expect(report.findings.length).toBeGreaterThan(0);
    }
  });

  it('is found where two entries changed places', async () => {
    const log = copy();
    const bundle = newestBundle(log);
    const entries = entriesOf(readFileSync(bundle));
    const [first, second, third, ...rest] = entries;
    if (first === undefined || second === undefined || third === undefined) throw new Error('too few entries');
    writeFileSync(bundle, Buffer.concat([first, third, second, ...rest]));
    const { code, text } = await verify(log);
    expect(code).toBe(DOES_NOT_VERIFY);
    expect(text).toMatch(/entry [12]/);
  });

  it('is found where the end was cut off', async () => {
    const log = copy();
    const bundle = newestBundle(log);
    const entries = entriesOf(readFileSync(bundle));
    writeFileSync(bundle, Buffer.concat(entries.slice(0, -2)));
    expect((await verify(log)).code).toBe(DOES_NOT_VERIFY);
  });

  it('is found where it was rolled back to a state that was once signed, by the receipt', async () => {
    const log = copy();
    const { signer, entries } = await contents(log);
    rmSync(log, { recursive: true });
    const shorter = await openLog(log, signer, { origin: signer.name });
    for (const entry of entries.slice(0, 4)) await shorter.append(entry);
    await shorter.close();
    const { code, report } = await verify(log);
    expect(code).toBe(DOES_NOT_VERIFY);
    expect(JSON.stringify(report.findings)).toMatch(/anchor|receipt|checkpoint/);
  });

  it('is found where an entry was dated back and everything signed again with the stolen key', async () => {
    const log = copy();
    const { signer, entries, keyOf } = await contents(log);
    rmSync(log, { recursive: true });
    const forged = await openLog(log, signer, { origin: signer.name });
    for (const [index, entry] of entries.entries()) {
      const { v: _, type, ...header } = readHeader(entry);
      const earlier = { ...header, time: '2020-01-01T00:00:00.000Z' };
      const key = keyOf(header.session);
      await forged.append(
        index === 5 ? sealLeaf(earlier, type as 'note.added', openBody(entry, key) as never, key) : entry,
      );
    }
    await forged.close();
    const { code, text } = await verify(log);
    expect(code).toBe(DOES_NOT_VERIFY);
    expect(text).toContain('entry 5');
    expect(text).toContain('2020-01-01');
  });

  it('is found where the checkpoint is gone, foreign or unsigned', async () => {
    const gone = copy();
    rmSync(join(gone, 'checkpoint'));
    expect((await verify(gone)).code).toBe(DOES_NOT_VERIFY);
    const unsigned = copy();
    const checkpoint = readFileSync(join(unsigned, 'checkpoint'), 'utf8');
    writeFileSync(
      join(unsigned, 'checkpoint'),
      checkpoint.replace(/(— \S+ )(.)/, (_, before, first) => before + (first === 'B' ? 'C' : 'B')),
    );
    expect((await verify(unsigned)).code).toBe(DOES_NOT_VERIFY);
  });
});

describe('an honest record of six years', () => {
  it('is verified whole, all 100,000 entries of it', async () => {
    const log = join(machine.root, 'six-years', 'audit');
    const signer = parseSignerKey(generateSignerKey('chaperone.example/six-years').signerKey);
    const writer = await openLog(log, signer, { origin: signer.name });
    const body = Buffer.alloc(120).toString('base64'); // the size of a sealed one; nobody opens it to verify
    const began = Date.parse('2026-01-01T00:00:00Z');
    const appended = Array.from({ length: MANY }, (_, seq) => {
      const time = new Date(began + seq * 60_000).toISOString();
      return writer.append(
        Buffer.from(JSON.stringify({ v: 1, time, seq, type: 'note.added', session: null, actor: null, body })),
      );
    });
    await Promise.all(appended);
    await writer.close();
    const { code, stdout } = await machine.chaperoned('audit', 'verify', log, '--key', signer.verifier.key);
    expect(stdout).toContain(`The record is whole: ${MANY} entries`);
    expect(code).toBe(0);
  });
});

async function contents(log: string) {
  const home = join(log, '..');
  const signer = parseSignerKey(readFileSync(join(home, 'identity', 'log.key'), 'utf8'));
  const entries: Uint8Array[] = [];
  for await (const entry of readEntries(log, 0, Number.MAX_SAFE_INTEGER)) entries.push(entry);
  const keyOf = (session: string | null): Buffer => {
    const file = join(home, 'body-keys', `${session ?? 'machine'}.key`);
    if (!existsSync(file)) throw new Error(`no key ${file}`);
    return Buffer.from(readFileSync(file, 'utf8').trim(), 'hex');
  };
  return { signer, entries, keyOf };
}
