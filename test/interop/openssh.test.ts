// Plain OpenSSH as the technician's program: everything that it needs is asked for at prompts, and what it may not do
// is refused by name.

import { existsSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../harness/free-port.ts';
import type { Person } from '../harness/person.ts';
import { RealMachine } from '../harness/real-machine.ts';
import { Terminal } from '../harness/terminal.ts';
import { describeWith } from '../requires.ts';

const REFUSED_BY_SSH = 255; // what OpenSSH says when a session or a channel did not come about
const ENDED = 6; // protocol/errors.ts

/** What a technician types at the prompts. */
interface Answers {
  readonly codes?: readonly string[];
  readonly scopes?: string;
}

/** `ssh` or `sftp` on a terminal of its own, on its way to `machine`. */
async function openSsh(
  machine: RealMachine,
  options: readonly string[] = [],
  { program = 'ssh', command = [] as readonly string[], environment = {} as Readonly<Record<string, string>> } = {},
): Promise<Terminal> {
  const settings = [
    'StrictHostKeyChecking=no',
    'UserKnownHostsFile=/dev/null',
    'IdentitiesOnly=yes',
    `IdentityFile=${machine.key().file}`,
    'LogLevel=INFO',
    'EscapeChar=none',
  ].flatMap((setting) => ['-o', setting]);
  const port = program === 'sftp' ? '-P' : '-p';
  return await Terminal.run(
    [
      program,
      '-F',
      '/dev/null',
      ...settings,
      port,
      String(machine.port),
      ...options,
      `${machine.id}@${machine.host}`,
      ...command,
    ],
    { environment: { ...machine.technicianEnvironment(), ...environment } },
  );
}

/** Answers the prompts one after the other, as they come. */
async function answerPrompts(ssh: Terminal, machine: RealMachine, answers: Answers = {}): Promise<void> {
  await answerPermissions(ssh, answers.scopes);
  for (const code of answers.codes ?? [await machine.code()]) {
    const from = ssh.output.end;
    await ssh.until('One-time code: ', { from: Math.max(0, from - 40) });
    ssh.enter(code);
    await ssh.until(/Reason: |Tries left|new one/, { from });
  }
  await ssh.until('Reason: ');
  ssh.enter('the printer prints blank pages');
  await ssh.until('Ticket: ');
  ssh.enter('T-1001');
  await ssh.until('Waiting for the person');
}

async function answerPermissions(ssh: Terminal, scopes = 'shell'): Promise<void> {
  await ssh.until('Permissions');
  ssh.enter(scopes);
}

/** Resolves when bash reads: what is typed while it switches the terminal's modes may arrive as something else. */
async function atPrompt(ssh: Terminal, from = 0): Promise<void> {
  await ssh.until(/[#$] $/, { from });
}

describeWith(['ssh', 'sftp'], 'plain OpenSSH', () => {
  let machine: RealMachine;
  let person: Person;
  beforeAll(async () => {
    machine = await RealMachine.start({ allowPlainCode: true });
    person = await machine.person();
  });
  afterAll(() => machine[Symbol.asyncDispose]());

  it('asks for the code, waits for the person, and becomes a working shell', async () => {
    await using ssh = await openSsh(machine);
    await answerPrompts(ssh, machine);
    expect(ssh.text).toContain('You have reached front-desk-2');
    expect(ssh.text).not.toContain('$ ');
    const asked = await person.asked();
    expect(asked.question.technician.name).toBe('Dana Roe');
    expect(asked.question.notices.join(' ')).toContain('weaker program (plain ssh)');
    await asked.allow();
    await atPrompt(ssh);
    ssh.enter('echo "[$(stty size)]"; tty; echo $TERM');
    await ssh.until('[30 100]');
    await ssh.until('/dev/pts/');
    await atPrompt(ssh);
    ssh.enter(`sh -c "trap 'stty size' WINCH; echo re''ady; while :; do sleep 0.05; done"`);
    await ssh.until(/ready\r\n/);
    ssh.resize(132, 43);
    await ssh.until(/^43 132\r\n/m);
    const sized = ssh.output.end;
    ssh.type('\x03');
    await atPrompt(ssh, sized);
    ssh.enter(`sh -c "echo cat re''ads; exec cat"`);
    await ssh.until(/cat reads\r\n/);
    ssh.enter('wide 漢字 and é');
    await ssh.until(/wide 漢字 and é[\s\S]*wide 漢字 and é/);
    const typed = ssh.output.end;
    ssh.type('\x03');
    await atPrompt(ssh, typed);
    ssh.enter('exit 7');
    expect(await ssh.exited).toEqual({ code: 7, signal: null });
  });

  it('says so when the person declines', async () => {
    await using ssh = await openSsh(machine);
    await answerPrompts(ssh, machine);
    (await person.asked()).deny();
    expect((await ssh.exited).code).toBe(REFUSED_BY_SSH);
    expect(ssh.text).toContain('The person at front-desk-2 did not allow this session.');
  });

  it('says so when the person ends it', async () => {
    await using ssh = await openSsh(machine);
    await answerPrompts(ssh, machine);
    await (await person.asked()).allow();
    await atPrompt(ssh);
    ssh.enter('echo $((6*7)); yes');
    await ssh.until('42');
    await machine.end();
    expect((await ssh.exited).code).toBe(ENDED);
    expect(ssh.text).toContain('the person at the machine ended the session');
    expect(machine.sessionProcesses()).toEqual([]);
  });

  it('says how many tries are left, and that there is a new code', async () => {
    await using hopeful = await openSsh(machine);
    await answerPrompts(hopeful, machine, { codes: ['11-wrong-guess', await machine.code()] });
    expect(hopeful.text).toContain('Tries left: 2');
    (await person.asked()).deny();
    await hopeful.exited;
    await using hopeless = await openSsh(machine);
    await answerPermissions(hopeless);
    for (let tries = 1; tries <= 3; tries += 1) {
      await hopeless.until(new RegExp(`(One-time code: [\\s\\S]*){${tries}}`));
      hopeless.enter('11-wrong-guess');
    }
    expect((await hopeless.exited).code).toBe(REFUSED_BY_SSH);
    expect(hopeless.text).toContain('The machine has made a new one');
    expect(person.unseen).toBe(0);
  });

  it.each([
    ['a command', { command: ['touch never'] }, 'exec', /exec request failed/],
    ['a subsystem', { options: ['-s'], command: ['made-up'] }, 'subsystem made-up', /subsystem request failed/],
    ['sftp', { program: 'sftp' }, 'subsystem sftp', /subsystem request failed|Connection closed/],
  ])('cannot run %s', async (_name, how, what, words) => {
    const from = (await machine.record()).length;
    const { options = [], ...rest } = how as { options?: string[]; command?: string[]; program?: string };
    await using ssh = await openSsh(machine, options, rest);
    await answerPrompts(ssh, machine);
    await (await person.asked()).allow();
    expect((await ssh.exited).code).toBe(REFUSED_BY_SSH);
    expect(ssh.text).toMatch(words);
    expect(existsSync(join(machine.environment.HOME ?? '', 'never'))).toBe(false);
    await machine.untilRecorded(
      ({ type, fields }) => type === 'ssh.refused' && String(fields.what).endsWith(what),
      from,
    );
  });

  it('forwards neither ports nor sockets, agents, displays and variables, and the shell works beside them', async () => {
    const from = (await machine.record()).length;
    const agent = join(machine.root, 'agent.sock');
    const listening = createServer((socket) => socket.destroy()).listen(agent);
    const ports = [await freePort(), await freePort()];
    await using ssh = await openSsh(
      machine,
      [
        '-A',
        '-X',
        '-L',
        `${ports[0]}:127.0.0.1:22`,
        '-D',
        String(ports[1]),
        '-R',
        '0:127.0.0.1:22',
        '-R',
        '/tmp/chaperone-never.sock:127.0.0.1:22',
      ].concat([
        '-o',
        'ForwardX11Trusted=yes',
        '-o',
        'SendEnv=LD_PRELOAD BASH_ENV LC_TIME',
        '-o',
        'SetEnv=FOO=bar PATH=/tmp/evil',
      ]),
      { environment: { SSH_AUTH_SOCK: agent, DISPLAY: ':99', BASH_ENV: '/tmp/evil.sh', LC_TIME: 'de_DE.UTF-8' } },
    );
    await answerPrompts(ssh, machine);
    await (await person.asked()).allow();
    await atPrompt(ssh);
    ssh.enter('echo "[$((6*7)) $FOO $BASH_ENV $SSH_AUTH_SOCK $DISPLAY $LC_TIME]"');
    await ssh.until('[42     de_DE.UTF-8]');
    const missing = new Set([
      'channel request auth-agent-req@openssh.com',
      'channel request x11-req',
      'global request tcpip-forward',
      'global request streamlocal-forward@openssh.com',
      'environment FOO',
      'environment PATH',
      'environment BASH_ENV',
    ]);
    await untilAllRefused(machine, missing, from);
    // Local ports are there, and lead nowhere.
    const direct = new Set(['channel direct-tcpip']);
    await connectAndWait(ports[0] ?? 0);
    await untilAllRefused(machine, direct, from);
    await connectAndWait(ports[1] ?? 0, Buffer.from([5, 1, 0, 5, 1, 0, 1, 127, 0, 0, 1, 0, 22]));
    await ssh.until(/administratively prohibited[\s\S]*administratively prohibited/);
    ssh.enter('exit');
    expect((await ssh.exited).code).toBe(0);
    listening.close();
  });

  it('is told nothing but the truth when policy lets in no plain programs', async () => {
    await using strict = await RealMachine.start();
    await using ssh = await openSsh(strict);
    expect((await ssh.exited).code).toBe(REFUSED_BY_SSH);
    expect(ssh.text).toContain('asks for the program chaperone');
  });
});

describeWith('ssh', 'plain OpenSSH and a person who does not answer', () => {
  it('is told that nobody answered in time', async () => {
    await using machine = await RealMachine.start({ allowPlainCode: true, timeout: '10s' });
    const person = await machine.person();
    await using ssh = await openSsh(machine);
    await answerPrompts(ssh, machine);
    await (await person.asked()).withdrawn;
    expect((await ssh.exited).code).toBe(REFUSED_BY_SSH);
    expect(ssh.text).toContain('Nobody at front-desk-2 answered in time');
  });
});

async function untilAllRefused(machine: RealMachine, missing: Set<string>, from: number): Promise<void> {
  await machine.untilRecorded(({ type, fields }) => {
    if (type === 'ssh.refused') missing.delete(String(fields.what));
    return missing.size === 0;
  }, from);
}

/** Connects on loopback, says `bytes`, and waits until the other side closes. */
async function connectAndWait(port: number, bytes = Buffer.from('x')): Promise<void> {
  const socket = createConnection(port, '127.0.0.1');
  socket.on('error', () => undefined);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.resume();
  socket.write(bytes);
  await closed;
}
