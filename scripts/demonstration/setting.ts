// The setting of a demonstration: a machine and a technician on this computer, in a private directory that vanishes
// with it. Everything goes through the compiled programs, as it would on two computers.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { env, execPath } from 'node:process';
import { z } from 'zod';
import { CHAPERONE, CHAPERONED } from '../../test/harness/place.ts';
import { NotAsPromised } from './failure.ts';
import { untilNoneHas } from './processes.ts';
import { Window } from './window.ts';

const START_MS = 30_000; // a slow, busy computer; then the daemon does not start
const STOP_MS = 15_000; // for the daemon to end sessions and close its record; then it is killed
const OUTPUT_MAX = 16 * 1024 * 1024; // bytes of one command
/** What programs may hear of the surroundings: whether colours are wanted, whether this is a build server, the time zone. */
const PASSED_ON = ['NO_COLOR', 'CI', 'TZ'] as const;

export const MACHINE_NAME = 'front-desk-2';
export const TECHNICIAN = 'Dana Roe';
/** What the machine's shell begins its lines with. */
export const SHELL_PROMPT = `${MACHINE_NAME}:~$`;
const COLOURED_PROMPT = String.raw`\[\e[1;32m\]${MACHINE_NAME}\[\e[0m\]:\[\e[1;34m\]\w\[\e[0m\]$`;

/** A file in the local user's home, for the technician to look at. */
const QUEUE_LOG = `08:12:04 printer-2 job 311 done, 2 pages
08:40:51 printer-2 job 312 done, 1 page
09:05:33 printer-2 error: no answer from 192.0.2.17
09:05:48 printer-2 error: no answer from 192.0.2.17
09:06:03 printer-2 job 313 waiting, 4 pages
`;

const Whoami = z.object({ keys: z.tuple([z.object({ publicLine: z.string() })], z.unknown()) });
const Status = z.object({ listen: z.tuple([z.string()], z.string()), hostKey: z.string() });

export class Setting implements AsyncDisposable {
  /** Everything stands below; its name is in the environment of every process. */
  readonly root: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly #open = new AsyncDisposableStack();
  readonly #commands = new Set<ChildProcess>();
  #address = '';
  #hostKey = '';

  /** Makes the directory and what the local user has in it; nothing runs yet. */
  constructor() {
    this.root = mkdtempSync(join(tmpdir(), 'chaperone-demo-'));
    const bin = join(this.root, 'bin');
    const home = join(this.root, 'home');
    this.environment = {
      PATH: `${bin}${delimiter}${env.PATH ?? '/usr/bin:/bin'}`,
      HOME: home,
      LANG: 'C.UTF-8',
      TERM: 'xterm-256color',
      CHAPERONE_HOME: join(this.root, 'state'),
      ...Object.fromEntries(PASSED_ON.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]))),
    };
    for (const name of ['bin', 'home', 'state']) mkdirSync(join(this.root, name), { mode: 0o700 });
    writeCommand(join(bin, 'chaperone'), CHAPERONE);
    writeCommand(join(bin, 'chaperoned'), CHAPERONED);
    writeFileSync(join(home, '.bashrc'), `PS1='${COLOURED_PROMPT} '\n`);
    writeFileSync(join(home, 'print-queue.log'), QUEUE_LOG);
  }

  /** Makes the technician's key, lists it in the machine's policy, and starts the daemon on a free port of loopback. */
  async start(): Promise<void> {
    const { keys } = Whoami.parse(JSON.parse(await this.run('chaperone', 'whoami', '--no-passphrase', '--json')));
    const policy = join(this.root, 'policy.yaml');
    writeFileSync(policy, policyText(keys[0].publicLine), { mode: 0o600 });
    this.#refuseWhenOver();
    const daemon = spawn(join(this.root, 'bin', 'chaperoned'), ['start', '--config', policy], {
      env: this.environment,
      cwd: this.root,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#open.defer(() => stop(daemon));
    await started(daemon);
    const { listen, hostKey } = Status.parse(JSON.parse(await this.run('chaperoned', 'status', '--json')));
    this.#address = listen[0];
    this.#hostKey = hostKey;
  }

  /** `host:port` of the machine. */
  get address(): string {
    return this.#address;
  }

  /** `SHA256:…` of the machine's host key, as the local user can read it. */
  get hostKey(): string {
    return this.#hostKey;
  }

  /** Home directory of the local user, and of the technician. */
  get home(): string {
    return join(this.root, 'home');
  }

  /** Where a program keeps what belongs to a session. */
  sessionDirectory(program: 'machine' | 'technician', session: string): string {
    return join(this.root, 'state', program, 'sessions', session);
  }

  /** Runs a command to its end; resolves with what it printed. @throws {NotAsPromised} when it does not exit with 0 */
  run(program: string, ...args: readonly string[]): Promise<string> {
    this.#refuseWhenOver();
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const options = { env: this.environment, cwd: this.home, maxBuffer: OUTPUT_MAX };
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      const seen = `${stdout}${stderr}it ended with ${error?.code ?? error?.signal}`;
      if (error === null) resolve(stdout);
      else reject(new NotAsPromised(`"${[program, ...args].join(' ')}" to exit with 0`, seen, error));
    });
    this.#commands.add(child);
    child.on('close', () => this.#commands.delete(child));
    return promise;
  }

  /** Opens a window with a command of a program in it. It closes with the setting, at the latest. */
  window(size: { readonly cols: number; readonly rows: number }, ...argv: readonly string[]): Window {
    this.#refuseWhenOver();
    const { environment } = this;
    return this.#open.use(new Window({ argv, environment, cwd: this.home, ...size }));
  }

  /** Adds something to be ended with the setting, before what was there already. */
  onEnd(end: () => Promise<void>): void {
    this.#open.defer(end);
  }

  /** Ends every program and removes the directory. */
  async [Symbol.asyncDispose](): Promise<void> {
    const commands = [...this.#commands].map(async (child) => {
      child.kill('SIGKILL');
      await once(child, 'close');
    });
    await Promise.all([this.#open.disposeAsync(), ...commands]);
    await untilNoneHas(`CHAPERONE_HOME=${this.environment.CHAPERONE_HOME}`); // tmux and shells leave theirs behind
    rmSync(this.root, { recursive: true, force: true, maxRetries: 3 });
  }

  /** After a signal nothing new may begin, since nobody would end it. */
  #refuseWhenOver(): void {
    if (this.#open.disposed) throw new NotAsPromised('the demonstration to go on', 'it was interrupted');
  }
}

/** Puts one of the programs on the PATH of the setting, under the name that it has when it is installed. */
function writeCommand(path: string, main: string): void {
  const [node, file] = [execPath, main].map((each) => `'${each.replaceAll("'", "'\\''")}'`);
  writeFileSync(path, `#!/bin/sh\nexec ${node} ${file} "$@"\n`, { mode: 0o700 });
}

/** Shells are allowed without a sandbox, because this version has none yet: both people are told so. */
function policyText(key: string): string {
  return `machine: { name: ${MACHINE_NAME}, hipaa: true }
listen: ["127.0.0.1:0"]
technicians:
  - name: ${TECHNICIAN}
    phone: "+1 555 0100"
    role: technician
    organisation: Clinic IT
    key: ${JSON.stringify(key)}
shell: { program: /bin/bash, sandbox: "off" }
`;
}

/** Resolves when the daemon says in its log that it has started. */
function started(daemon: ChildProcess): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let log = '';
  const fail = (why: string): void => reject(new NotAsPromised(`the daemon to start, but ${why}`, log));
  const timer = setTimeout(() => fail('it did not in time'), START_MS);
  daemon.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log = `${log}${text}`.slice(-20_000);
    if (log.includes('"msg":"started"')) resolve();
  });
  daemon.on('error', (error) => fail(error.message));
  daemon.on('exit', (code, signal) => fail(`it ended with ${code ?? signal}`));
  return promise.finally(() => clearTimeout(timer));
}

async function stop(daemon: ChildProcess): Promise<void> {
  if (daemon.exitCode !== null || daemon.signalCode !== null || daemon.pid === undefined) return;
  const exited = once(daemon, 'exit');
  const timer = setTimeout(() => daemon.kill('SIGKILL'), STOP_MS);
  daemon.kill('SIGTERM');
  await exited;
  clearTimeout(timer);
}
