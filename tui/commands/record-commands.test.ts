import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generateSignerKey } from '../../protocol/log/note-keys.ts';
import { TEST_SESSION, TestMachine } from '../connection/test-machine.ts';
import { TestTechnician } from '../connection/test-technician.ts';
import { TestProgram } from './test-program.ts';

let stack: AsyncDisposableStack;
let program: TestProgram;

beforeEach(() => {
  stack = new AsyncDisposableStack();
});
afterEach(() => stack.disposeAsync());

describe('what is left of a session', () => {
  let machineKey: string;
  beforeEach(async () => {
    const technician = stack.use(new TestTechnician());
    program = new TestProgram(technician.home);
    const there = stack.use(
      await TestMachine.start({
        shell: (channel) => {
          channel.write('desk$ uptime\r\n');
          channel.exit(0);
          channel.end();
        },
      }),
    );
    machineKey = there.signer.verifier.key;
    const session = await technician.connect(there.address);
    const shell = await session.openShell({ cols: 80, rows: 24 });
    shell.onOutput(() => undefined);
    await shell.closed;
    await session.end();
  });

  it('is listed, and its shell can be seen again', async () => {
    expect((await program.runHere(['sessions'])).out).toMatch(/019aa000-0000 +front-desk-2 .* T-1 +diagnostics, shell/);
    const [session] = JSON.parse((await program.runHere(['sessions', '--json'])).out);
    expect(session).toMatchObject({ session: TEST_SESSION, receipt: { verified: true } });
    const replayed = await program.runHere(['replay', '019aa']);
    expect(replayed.out).toBe('desk$ uptime\n');
    const [recording] = session.recordings;
    expect((await program.runHere(['replay', recording.file])).out).toBe('desk$ uptime\n');
    const listed = (await program.runHere(['audit', 'list'])).out;
    expect(listed.match(/recording\.viewed/g)).toHaveLength(2);
    expect(listed).toContain('request.sent');
    expect((await program.runHere(['audit', 'show', '1'])).out).toContain('printer does not print');
    expect((await program.runHere(['replay', '019aa', '--shell', '2'])).code).toBe(2);
    expect(replayed.err).toBe('');
  });

  it('says how many shells there are when it plays the first of several, and how to see the others', async () => {
    const folder = join(program.home, 'technician', 'sessions', TEST_SESSION);
    for (const number of [2, 10]) cpSync(join(folder, 'shell-1.cast'), join(folder, `shell-${number}.cast`));
    const first = await program.runHere(['replay', '019aa']);
    expect(first.out).toBe('desk$ uptime\n');
    expect(first.err).toContain('this is the first of 3 shells; see the others with --shell: 1, 2, 10');
    const last = await program.runHere(['replay', '019aa', '--shell', '10']);
    expect([last.code, last.err]).toEqual([
      0,
      'Your log says nothing about this recording: it may have been changed.\n',
    ]);
    const none = await program.runHere(['replay', '019aa', '--shell', '3']);
    expect([none.code, none.err]).toEqual([2, expect.stringContaining('it has 3: choose with --shell 1, 2, 10')]);
  });

  it('is not played without a word, and not verified, when its recording was changed', async () => {
    const file = join(program.home, 'technician', 'sessions', TEST_SESSION, 'shell-1.cast');
    const copy = join(program.home, 'copy.cast');
    cpSync(file, copy);
    expect(await program.runHere(['replay', copy])).toMatchObject({ code: 0, err: '' }); // the same bytes elsewhere
    writeFileSync(file, readFileSync(file, 'utf8').replace('uptime', 'reboot'));
    for (const named of ['019aa', file]) {
      const forged = await program.runHere(['replay', named]);
      expect(forged).toMatchObject({ code: 5, out: 'desk$ reboot\n' });
      expect(forged.err).toBe('This recording was CHANGED: it is not the one that your log knows.\n');
    }
    const { code, out } = await program.runHere(['audit', 'verify']);
    expect(code).toBe(5);
    expect(out).toContain(`  sessions/${TEST_SESSION}/shell-1.cast: the recording was changed`);
    const json = JSON.parse((await program.runHere(['audit', 'verify', '--json'])).out);
    expect(json).toMatchObject({ verified: false, findings: [], recordings: { intact: 0, missing: [] } });
    cpSync(copy, file);
    const whole = await program.runHere(['audit', 'verify']);
    expect(whole).toMatchObject({ code: 0, out: expect.stringContaining('1 recording is as the log says.') });
    rmSync(file);
    const gone = await program.runHere(['audit', 'verify']);
    expect(gone.out).toContain('shell-1.cast: the recording is not there any more; the log still tells of it');
    expect(gone.code).toBe(0);
  });

  it('is not said to have had fewer shells than the log knows of', async () => {
    const folder = join(program.home, 'technician', 'sessions', TEST_SESSION);
    const [first, second] = [join(folder, 'shell-1.cast'), join(folder, 'shell-2.cast')];
    cpSync(first, second);
    rmSync(first);
    const { out, err } = await program.runHere(['replay', '019aa']);
    expect(out).toBe('desk$ uptime\n');
    expect(err).toContain('not there any more, though your log knows of it: shell 1\n');
    rmSync(second);
    const none = await program.runHere(['replay', '019aa']);
    expect(none).toMatchObject({ code: 2, err: expect.stringContaining('your log knows of shell 1') });
  });

  it('is known by its own name alone: not by that of another session, whatever links lead to it', async () => {
    const folder = join(program.home, 'technician', 'sessions', TEST_SESSION);
    const other = '019bb000-0000-7000-8000-000000000000';
    for (const place of [program.home, dirname(folder)]) {
      cpSync(folder, join(place, other), { recursive: true });
      const elsewhere = await program.runHere(['replay', join(place, other, 'shell-1.cast')]);
      expect(elsewhere.err).not.toBe('');
    }
    const copied = await program.runHere(['replay', join(program.home, other, 'shell-1.cast')]);
    expect(copied).toMatchObject({ code: 5, out: 'desk$ uptime\n' });
    expect(copied.err).toBe('This is shell-1.cast of session 019aa000-0000, not what its name says.\n');
    rmSync(join(dirname(folder), other), { recursive: true });
    symlinkSync(folder, join(dirname(folder), other));
    const linked = await program.runHere(['replay', join(dirname(folder), other, 'shell-1.cast')]);
    expect(linked.err).toContain('Your log says nothing about this recording');
  });

  it('is not waited for when something that is no file stands in its place', async () => {
    const file = join(program.home, 'technician', 'sessions', TEST_SESSION, 'shell-1.cast');
    rmSync(file);
    execFileSync('mkfifo', [file]);
    expect(await program.runHere(['replay', '019aa'])).toMatchObject({ code: 5 });
    rmSync(file);
    symlinkSync(join(program.home, 'nowhere'), file);
    expect(await program.runHere(['replay', '019aa'])).toMatchObject({ code: 5 });
  });

  it('is listed and verified beside one whose folder is damaged', async () => {
    const folder = join(program.home, 'technician', 'sessions', '019bb000-0000-7000-8000-000000000000');
    writeFileSync(folder, 'a file');
    expect((await program.runHere(['sessions'])).out).toContain('019aa000-0000');
    expect(await program.runHere(['audit', 'verify'])).toMatchObject({ code: 0 });
  });

  it('has nothing to replay when no shell was opened, and says what there was instead', async () => {
    const folder = join(program.home, 'technician', 'sessions', TEST_SESSION);
    rmSync(join(folder, 'shell-1.cast'));
    rmSync(join(program.home, 'technician', 'audit'), { recursive: true }); // a log that knows of none
    expect((await program.runHere(['replay', '019aa'])).err).toContain('no shell was opened in it');
    const event = { seq: 7, time: new Date().toISOString(), type: 'command.started', severity: 'notice', fields: {} };
    writeFileSync(join(folder, 'audit.jsonl'), `${JSON.stringify(event)}\n`);
    const { err, code } = await program.runHere(['replay', '019aa']);
    expect(err).toContain('one suggested command ran, recorded on the machine alone');
    expect(code).toBe(2);
  });

  it('is listed from a copy too, without what is sealed; a word too many is no command', async () => {
    const copy = join(program.home, 'copy');
    cpSync(join(program.home, 'technician', 'audit'), copy, { recursive: true });
    const listed = await program.runHere(['audit', 'list', copy]);
    expect(listed.out).toContain('request.sent');
    expect(listed.out).not.toContain('printer does not print');
    expect(await program.runHere(['audit', 'list', program.home])).toMatchObject({
      code: 2,
      err: expect.stringContaining('there is no record at'),
    });
    expect((await program.runHere(['audit', 'show', '1', 'more'])).code).toBe(2);
  });

  it('has a receipt; one that was changed is said to be so, with exit code 5', async () => {
    const good = await program.runHere(['receipt', TEST_SESSION]);
    expect(good.out).toContain('The receipt is signed by front-desk-2');
    expect(good.out).toMatch(/Ticket +T-1/);
    expect(good.code).toBe(0);
    const file = join(program.home, 'technician', 'sessions', TEST_SESSION, 'receipt.note');
    writeFileSync(file, readFileSync(file, 'utf8').replace('T-1', 'T-2'));
    const bad = await program.runHere(['receipt', TEST_SESSION]);
    expect(bad.out).toContain('DOES NOT VERIFY');
    expect(bad.out).not.toContain('T-2');
    expect(bad.code).toBe(5);
    expect(JSON.parse((await program.runHere(['receipt', TEST_SESSION, '--json'])).out)).toMatchObject({
      verified: { problem: expect.any(String) },
    });
  });

  it('has a receipt that anyone can check from a copy, with the key of the machine', async () => {
    const file = join(program.home, 'technician', 'sessions', TEST_SESSION, 'receipt.note');
    const known = await program.runHere(['receipt', file]);
    expect(known).toMatchObject({ code: 0, out: expect.stringMatching(/Ticket +T-1/) });
    const signer = /signed by (\S+)\./.exec(known.out)?.[1];
    expect(signer).toContain('chaperone/machine/');
    const auditor = stack.use(new TestProgram(mkdtempSync(join(tmpdir(), 'chaperone-auditor-'))));
    const unknown = await auditor.runHere(['receipt', file]);
    expect(unknown).toMatchObject({ code: 2, err: expect.stringContaining('--key') });
    const told = await auditor.runHere(['receipt', file, '--key', machineKey]);
    expect(told).toMatchObject({ code: 0, out: expect.stringMatching(/Ticket +T-1/) });
    const key = generateSignerKey(signer ?? '').verifierKey;
    expect(await auditor.runHere(['receipt', file, '--key', key])).toMatchObject({ code: 5 });
    expect(await auditor.runHere(['receipt', auditor.home])).toMatchObject({ code: 2 });
  });

  it('is in a log that verifies; a flipped byte is found, with its place and exit code 5', async () => {
    const good = await program.runHere(['audit', 'verify']);
    expect(good.out).toContain('The record is whole: 4 entries');
    expect(good.code).toBe(0);
    const folder = join(program.home, 'technician', 'audit', 'tile', 'entries', '000.p');
    const file = join(folder, readdirSync(folder).at(-1) ?? '');
    const bytes = readFileSync(file);
    bytes.writeUInt8(bytes.readUInt8(300) ^ 1, 300);
    writeFileSync(file, bytes);
    const bad = await program.runHere(['audit', 'verify']);
    expect(bad.out).toMatch(/DOES NOT VERIFY[\s\S]*entry 0/);
    expect(bad.code).toBe(5);
  });
});

describe('whoami', () => {
  it('makes a key once, and says how a machine lists it', async () => {
    program = stack.use(new TestProgram(mkdtempSync(join(tmpdir(), 'chaperone-nobody-'))));
    const first = await program.runHere(['whoami', '--no-passphrase']);
    expect(first.out).toContain('A key was made for you');
    expect(first.out).toMatch(/technicians:\n {2}- name: .*\n.*\n {4}role: technician\n {4}key: "ssh-ed25519 AAAA/);
    const second = JSON.parse((await program.runHere(['whoami', '--json'])).out);
    expect(second.made).toBeNull();
    expect(first.out).toContain(second.keys[0].fingerprint);
    expect(first.out).toContain(second.logKey);
  });
});
