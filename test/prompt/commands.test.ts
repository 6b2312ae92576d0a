// The plain commands of chaperoned, as a script or an administrator uses them.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MachineStatus, SessionView } from '../../daemon/local/controls.ts';
import { run } from './program-run.ts';
import { ServedMachine } from './served-machine.ts';

let host: ServedMachine;
beforeAll(async () => {
  host = await ServedMachine.start();
});
afterAll(() => host[Symbol.asyncDispose]());
const chaperoned = (...command: string[]) => run(host.home, ...command);

describe('while the daemon runs', () => {
  it('status says how it is, and as JSON for programs', async () => {
    host.machine.open();
    const { stdout } = await chaperoned('status');
    for (const words of [
      'front-desk-2 (482 913 077)',
      '127.0.0.1:2200',
      'Dana Roe',
      'type commands',
      'open a window for them: chaperoned prompt',
    ]) {
      expect(stdout).toContain(words);
    }
    const json = await chaperoned('status', '--json');
    expect(MachineStatus.parse(JSON.parse(json.stdout)).sessions).toHaveLength(1);
    host.machine.sessions = [];
  });

  it('status says when the policy was changed and cannot be used', async () => {
    host.machine.policyNotes = ['the policy was changed and cannot be used, so the former one still holds: x'];
    expect((await chaperoned('status')).stdout).toContain(
      'PLEASE NOTE:      the policy was changed and cannot be used',
    );
    host.machine.policyNotes = [];
  });

  it('code shows what to read out, and --new replaces it', async () => {
    expect((await chaperoned('code')).stdout).toMatch(/482 913 077\n.*27-harbor-violet\n/);
    expect((await chaperoned('code', '--new')).stdout).toContain('28-harbor-violet');
    expect(JSON.parse((await chaperoned('code', '--json')).stdout)).toMatchObject({ code: '28-harbor-violet' });
  });

  it('pause, resume and end act on the session that is named, or on all', async () => {
    const [first, second] = [host.machine.open(), host.machine.open()];
    expect((await chaperoned('pause', first.id.slice(0, 13))).stdout).toContain('PAUSED');
    const again = await chaperoned('pause', first.id.slice(0, 13));
    expect(again.stdout).toContain('PAUSED');
    expect(again.stdout).not.toContain('Nobody is connected');
    expect(host.machine.sessions.map(({ state }) => state)).toEqual(['paused', 'active']);
    await chaperoned('resume');
    expect(host.machine.sessions.map(({ state }) => state)).toEqual(['active', 'active']);
    const ended = JSON.parse((await chaperoned('end', second.id, '--json')).stdout);
    expect(SessionView.array().parse(ended)).toMatchObject([{ id: second.id, state: 'ended' }]);
    await chaperoned('end');
    expect(host.machine.sessions).toEqual([]);
    expect(await chaperoned('end')).toMatchObject({ status: 0, stdout: expect.stringContaining('nothing to end') });
  });

  it('withdraw and allow take what the person sees: a number, the words, or the name', async () => {
    host.machine.open({ scopes: ['diagnostics', 'shell.suggest', 'shell'], addable: ['reboot'] });
    const listed = (await chaperoned('scopes')).stdout;
    expect(listed).toContain('allowed      4 Type commands (shell)');
    expect(listed).toMatch(/not allowed 10 .*\(reboot\)/);
    await chaperoned('withdraw', '4');
    await chaperoned('withdraw', '4'); // it does not stand for another one now
    await chaperoned('withdraw', 'run', 'health', 'checks');
    await chaperoned('allow', '10');
    expect(host.machine.sessions[0]?.scopes).toEqual(['shell.suggest', 'reboot']);
    host.machine.sessions = [];
    expect(await chaperoned('allow', '7')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('Nobody is connected.'),
    });
  });

  it('names no session that does not exist', async () => {
    expect(await chaperoned('end', 'abc')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('chaperoned status'),
    });
  });

  it('say reaches the technician as one clean line', async () => {
    expect(await chaperoned('say', 'hello')).toMatchObject({
      status: 1,
      stdout: 'Nobody is connected, so nobody can read it.\n',
    });
    host.machine.said.length = 0;
    host.machine.open();
    expect(await chaperoned('say', 'please', 'look\u001b[2J', 'here')).toMatchObject({
      status: 0,
      stdout: 'Sent to Dana Roe.\n',
    });
    expect(host.machine.said).toEqual(['please look here']);
  });

  it('a second daemon does not start', async () => {
    expect(await chaperoned('start')).toMatchObject({ status: 1, stderr: expect.stringContaining('already running') });
  });

  it.each([['prompt'], ['prompt', '--plain'], ['watch']])(
    '%s %s needs a terminal: what a program could answer is not consent',
    async (...command) => {
      const { status, stderr } = await chaperoned(...command.filter((word) => word !== undefined));
      expect(status).toBe(2);
      expect(stderr).toContain('needs a terminal');
      expect(host.machine.desk.prompterNames).toEqual([]);
    },
  );
});

describe('without a daemon', () => {
  it.each([['status'], ['code'], ['pause'], ['end'], ['say', 'hi']])(
    '%s exits 4 with the command that starts it',
    async (...command) => {
      expect(await run('/nonexistent-home', ...command)).toMatchObject({
        status: 4,
        stdout: '',
        stderr: 'chaperoned: Chaperone is not running on this computer\n  start it: chaperoned start\n',
      });
    },
  );

  it('wrong usage exits 2 and says what was meant', async () => {
    expect(await run('/nonexistent-home', 'statsu')).toMatchObject({
      status: 2,
      stderr: 'chaperoned: there is no command "statsu"\n  did you mean "chaperoned status"?\n',
    });
    expect(await run('/nonexistent-home', 'status', '--colour')).toMatchObject({ status: 2 });
    expect(await run('/nonexistent-home', '--help')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('policy sample'),
    });
  });
});

describe('what is loaded', () => {
  const main = fileURLToPath(new URL('../../daemon/main.ts', import.meta.url));
  const spy = `import { registerHooks } from 'node:module'; registerHooks({ resolve(s, c, n) { const r = n(s, c); process.stderr.write(r.url + '\\n'); return r; } });`;
  const loaded = (option: string): string[] => {
    const command = ['--import', `data:text/javascript,${encodeURIComponent(spy)}`, main, option];
    const script = `exec "$0" "$@" 2>&1 >/dev/null`;
    return execFileSync('sh', ['-c', script, process.execPath, ...command], { encoding: 'utf8' })
      .trim()
      .split('\n');
  };

  it('for --version is the version', () => {
    expect(
      loaded('--version')
        .filter((url) => url.endsWith('.ts'))
        .map((url) => url.split('/').at(-1)),
    ).toEqual(['main.ts', 'version.ts']);
  });

  it('for --help is neither SSH, a terminal emulator, schemas, YAML nor a logger', () => {
    const urls = loaded('--help').join('\n');
    expect(urls).toContain('commander');
    expect(urls).not.toMatch(/ssh2|node-pty|xterm|zod|yaml|pino|string-width|ink|react/);
  });
});
