// Technician and machine know each other by the organisation's certificates alone: the real `chaperone` on a terminal,
// with a locked key, against the real `chaperoned`.

import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { certify, type KeyFiles, makeKey, sshKeygen } from '../harness/certificate-authority.ts';
import type { Person } from '../harness/person.ts';
import { CHAPERONE } from '../harness/place.ts';
import { RealMachine } from '../harness/real-machine.ts';
import { runProgram } from '../harness/run-program.ts';
import { Terminal } from '../harness/terminal.ts';
import { describeWith } from '../requires.ts';

const PASSPHRASE = 'four words of mine';
const CTRL_C = '\u0003';

describeWith(['ssh-keygen'], 'certificates on both sides', () => {
  let directory: string;
  let ca: KeyFiles;
  let machine: RealMachine;
  let person: Person;
  let environment: Record<string, string>;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'chaperone-certified-'));
    const home = join(directory, 'home');
    mkdirSync(home, { mode: 0o700 });
    ca = makeKey(directory, 'ca');
    machine = await RealMachine.start({
      organisation: { ca: [ca.publicLine] },
      scopes: { technician: ['diagnostics', 'shell'] },
      technicians: [],
    });
    await machine.stop();
    const request = join(directory, 'machine.pub');
    const certificate = certifyHost(ca, request, await enrolled('--out', request));
    await enrolled('--certificate', certificate, '--ca', ca.publicFile);
    await machine.startAgain();
    person = await machine.person();
    environment = {
      PATH: process.env.PATH ?? '',
      LANG: 'C.UTF-8',
      HOME: home,
      CHAPERONE_HOME: join(directory, 'state'),
    };
    const trust = ['settings', 'set', 'host-authorities', ca.publicLine];
    expect((await runProgram([execPath, CHAPERONE, ...trust], { environment })).code).toBe(0);
  });
  afterAll(async () => {
    await machine[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true, force: true });
  });

  /** Runs `chaperoned enrol`; the machine's connection ID. */
  async function enrolled(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await machine.chaperoned('enrol', ...args, '--json');
    expect(code, stderr).toBe(0);
    const { connectionId } = JSON.parse(stdout);
    return connectionId;
  }

  function certifyHost(by: KeyFiles, request: string, connectionId: string): string {
    sshKeygen(['-q', '-s', by.file, '-h', '-I', 'front-desk-2', '-n', connectionId, request]);
    return request.replace(/\.pub$/, '-cert.pub');
  }

  /** A badge beside a key, which is locked with {@link PASSPHRASE}; one round of bcrypt, to be quick. */
  function badge(name: string, type: readonly string[], passphrase = PASSPHRASE): string {
    const file = join(directory, name);
    sshKeygen(['-q', '-t', ...type, '-a', '1', '-N', passphrase, '-C', name, '-f', file]);
    certify(ca, { file, publicFile: `${file}.pub`, publicLine: readFileSync(`${file}.pub`, 'utf8') });
    return file;
  }

  function connect(identity: string): Promise<Terminal> {
    const wish = ['--reason', 'no paper', '--ticket', 'HD-1', '--scope', 'shell', '--identity', identity];
    const argv = [execPath, CHAPERONE, 'connect', '--plain', `${machine.id}@${machine.address}`, ...wish];
    return Terminal.run(argv, { environment, cwd: directory, cols: 200 });
  }

  it.each([
    ['ed25519', ['ed25519']],
    ['rsa', ['rsa', '-b', '2048']],
  ])('lead to a session without any fingerprint, once the passphrase of the %s key is right', async (name, type) => {
    await using terminal = await connect(badge(`id-${name}`, type));
    await terminal.until(/Passphrase of \S+: /);
    terminal.enter('a guess');
    await terminal.until(/That does not open it\. Passphrase of \S+: /);
    terminal.enter(PASSPHRASE);
    await terminal.until('One-time code');
    terminal.enter(await machine.code());
    const asked = await person.asked();
    expect(asked.question.technician).toMatchObject({ name: 'Dana Reyes', verifiedBy: 'certificate' });
    await asked.allow();
    await terminal.until('allowed shell');
    terminal.enter('echo "it is $((6 * 7))"');
    await terminal.until(/^it is 42/m);
    terminal.enter('exit');
    expect((await terminal.exited).code).toBe(0);
    expect(terminal.text).not.toMatch(/never met|fingerprint/i);
    expect(terminal.text).not.toContain(PASSPHRASE);
    const pinned = readFileSync(join(directory, 'state', 'technician', 'known_hosts'), 'utf8');
    expect(pinned).toContain(machine.id);
  });

  it.each([
    ['three wrong passphrases', ['one\r', 'two\r', 'three\r'], 'the passphrase does not open'],
    ['Ctrl-C', [CTRL_C], 'is locked with a passphrase'],
  ])('lead nowhere after %s, and the machine has seen no key', async (_, keys, words) => {
    const before = (await machine.record()).length;
    await using terminal = await connect(badge(`id-${keys.length}`, ['ed25519']));
    let from = 0;
    for (const typed of keys) {
      await terminal.until(/Passphrase of \S+: /, { from });
      from = terminal.output.end;
      terminal.type(typed);
    }
    expect(await terminal.exited).toMatchObject({ code: 2 });
    expect(terminal.text).toContain(words);
    expect((await machine.record(before)).map(({ type }) => type)).not.toContain('technician.authenticated');
    expect(person.unseen).toBe(0);
  });
});
