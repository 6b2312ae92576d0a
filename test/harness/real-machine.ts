// A supported machine for end-to-end tests: the real, compiled `chaperoned start` as a process of its own, in a private
// place below the system's temporary directory. Disposing of it proves that nothing of it is left.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, execPath } from 'node:process';
import { connectLocal, type LocalClient } from '../../daemon/local/client.ts';
import type { MachineStatus } from '../../daemon/local/controls.ts';
import { localSocketPath } from '../../daemon/local/socket-path.ts';
import type { Scope } from '../../protocol/scopes.ts';
import { Person } from './person.ts';
import { CHAPERONED, CHAPERONED_FLAGS } from './place.ts';
import { type PolicyOptions, policyText } from './policy-file.ts';
import { killFound, processesWith } from './processes.ts';
import { type RecordedEvent, readRecord, untilRecorded } from './record.ts';
import { type ProgramResult, runProgram } from './run-program.ts';
import { Technician, type TechnicianOptions } from './technician.ts';
import { makeTechnicianKey, type TechnicianKey, type TechnicianKeyType } from './technician-key.ts';
import { Terminal, type TerminalOptions } from './terminal.ts';
import { Transcript } from './transcript.ts';

const STOP_MS = 30_000; // from SIGTERM to the end; then it hangs

export interface MachineOptions extends PolicyOptions {
  /** Names of the listed technicians; each gets a key, of Ed25519 unless said otherwise. @default Dana Roe, a technician */
  readonly technicians?: readonly {
    readonly name: string;
    readonly role?: string;
    readonly keyType?: TechnicianKeyType;
  }[];
  /** Added to the daemon's environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The daemon's whole state stands here instead of in a directory of its own. */
  readonly stateDirectory?: string;
  /** Further arguments of `chaperoned start`. */
  readonly args?: readonly string[];
  /** Stands before the daemon's command and becomes it by exec, such as `unshare --uts`. */
  readonly launcher?: readonly string[];
}

export interface ComingTechnician extends Partial<TechnicianOptions> {
  /** Who of the listed technicians it is. @default the first one */
  readonly name?: string;
}

export interface SessionOptions extends ComingTechnician {
  /** What the person allows. @default all that may be asked for */
  readonly allow?: readonly Scope[];
}

export class RealMachine implements AsyncDisposable {
  /** Everything of this machine and of its technicians; its name is in the environment of all of its processes. */
  readonly root: string;
  /** CHAPERONE_HOME of the machine. */
  readonly chaperoneHome: string;
  /** State of the daemon: log, keys, recordings. */
  readonly home: string;
  readonly policyFile: string;
  /** For every program of the local user; `HOME` is a directory of the machine's own. */
  readonly environment: Readonly<Record<string, string>>;
  /** Lines of the daemon's log, JSON by pino, and whatever else it says. */
  readonly logLines = new Transcript();
  readonly #keys = new Map<string, TechnicianKey>();
  readonly #args: readonly string[];
  readonly #launcher: readonly string[];
  readonly #rest = new AsyncDisposableStack();
  #process: ChildProcess | undefined;
  #exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }> | undefined;
  #address = { host: '127.0.0.1', port: 0 };
  #id = '';
  #local: Promise<LocalClient> | undefined;
  /** In the order in which they sat down: the first one is asked. */
  #people: Person[] = [];
  /** Whoever sat down because a session needed someone, and leaves when the test brings a person of its own. */
  #stand: Person | undefined;

  private constructor(options: MachineOptions) {
    this.root = mkdtempSync(join(tmpdir(), 'chaperone-'));
    this.chaperoneHome = options.stateDirectory ?? join(this.root, 'state');
    this.home = join(this.chaperoneHome, 'machine');
    this.policyFile = join(this.root, 'policy.yaml');
    const userHome = join(this.root, 'home');
    for (const directory of [this.chaperoneHome, userHome]) mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.environment = {
      PATH: env.PATH ?? '/usr/bin:/bin',
      HOME: userHome,
      LANG: 'C.UTF-8',
      CHAPERONE_HOME: this.chaperoneHome,
      NODE_COMPILE_CACHE: env.NODE_COMPILE_CACHE ?? '',
      ...options.environment,
    };
    this.#args = options.args ?? [];
    this.#launcher = options.launcher ?? [];
    const listed = (options.technicians ?? [{ name: 'Dana Roe' }]).map(
      ({ name, role = 'technician', keyType }, index) => {
        const directory = join(this.root, `technician-${index + 1}`);
        mkdirSync(directory, { mode: 0o700 });
        const key = makeTechnicianKey(directory, undefined, keyType);
        this.#keys.set(name, key);
        return { name, role, phone: `+1 555 010${index}`, organisation: 'Clinic IT', key: key.publicKey };
      },
    );
    writeFileSync(this.policyFile, policyText(listed, options), { mode: 0o600 });
  }

  /** Starts the daemon; resolves when it is ready for technicians and for the local user. */
  static async start(options: MachineOptions = {}): Promise<RealMachine> {
    const machine = new RealMachine(options);
    try {
      await machine.startAgain();
    } catch (error) {
      await machine[Symbol.asyncDispose]();
      throw error;
    }
    return machine;
  }

  /** Starts the daemon on the same state, after it stopped or was killed. */
  async startAgain(): Promise<void> {
    const from = this.logLines.end;
    const daemon = [execPath, ...CHAPERONED_FLAGS, CHAPERONED, 'start', '--config', this.policyFile, ...this.#args];
    const [program = execPath, ...args] = [...this.#launcher, ...daemon];
    const child = spawn(program, args, {
      env: this.environment,
      cwd: this.root,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => this.logLines.append(text));
    this.#process = child;
    this.#local = undefined;
    this.#people = [];
    this.#stand = undefined;
    this.#exited = once(child, 'close').then(() => ({ code: child.exitCode, signal: child.signalCode }));
    const failed = this.#exited.then(({ code }) => {
      throw new Error(`chaperoned ended with ${code} before it was ready:\n${this.logLines.text.slice(from)}`);
    });
    await Promise.race([this.logLines.until('"msg":"started"', { from }), failed]);
    failed.catch(() => undefined);
    const { machine, listen } = await this.status();
    const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(listen[0] ?? '') ?? [];
    this.#address = { host, port: Number(port) };
    this.#id = machine.id;
  }

  get host(): string {
    return this.#address.host;
  }

  get port(): number {
    return this.#address.port;
  }

  /** `host:port` as technicians' programs take it. */
  get address(): string {
    return `${this.host}:${this.port}`;
  }

  /** The connection ID, nine digits. */
  get id(): string {
    return this.#id;
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** Resolves with how the daemon ended. */
  get exited(): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    return this.#exited ?? Promise.reject(new Error('it was never started'));
  }

  /** Key of a listed technician (the first one when no name is given). */
  key(name?: string): TechnicianKey {
    const key = name === undefined ? [...this.#keys.values()][0] : this.#keys.get(name);
    if (key === undefined) throw new Error(`no technician ${name} is listed`);
    return key;
  }

  /** Environment for programs of a technician: their own home and state, nothing of the machine's. */
  technicianEnvironment(name?: string): Record<string, string> {
    const directory = join(this.key(name).file, '..');
    return {
      PATH: this.environment.PATH ?? '',
      LANG: 'C.UTF-8',
      HOME: directory,
      CHAPERONE_HOME: join(directory, 'state'),
      NODE_COMPILE_CACHE: env.NODE_COMPILE_CACHE ?? '',
    };
  }

  /** Runs one `chaperoned` command of the local user to its end. */
  chaperoned(...args: string[]): Promise<ProgramResult> {
    return runProgram([execPath, CHAPERONED, ...args], { environment: this.environment, cwd: this.root });
  }

  /** Runs a `chaperoned` command on a terminal of its own, such as `prompt --plain`. Ends with the machine. */
  async chaperonedOnTerminal(args: readonly string[], options: Partial<TerminalOptions> = {}): Promise<Terminal> {
    const terminal = await Terminal.run([execPath, CHAPERONED, ...args], {
      environment: this.environment,
      cwd: this.root,
      ...options,
    });
    return this.#rest.use(terminal);
  }

  /** A connection to the daemon's own socket, as the local user's programs have; closed with the machine. */
  async connectLocal(): Promise<LocalClient> {
    return this.#rest.use(await connectLocal(localSocketPath(this.environment)));
  }

  async status(): Promise<MachineStatus> {
    return (await this.#control()).status();
  }

  /** The present one-time code. */
  async code(): Promise<string> {
    return (await (await this.#control()).code()).code;
  }

  /** All sessions, as `chaperoned end` does: resolves when nothing of them lives. */
  async end(): Promise<void> {
    await (await this.#control()).end(null);
  }

  async pause(): Promise<void> {
    await (await this.#control()).pause(null);
  }

  async resume(): Promise<void> {
    await (await this.#control()).resume(null);
  }

  /** Someone sits down at the machine; they leave with it, at the latest. */
  async person(options?: Parameters<typeof Person.at>[1]): Promise<Person> {
    const person = this.#rest.use(await Person.at(await this.connectLocal(), options));
    this.#people.push(person);
    this.#stand?.[Symbol.dispose]();
    this.#stand = undefined;
    return person;
  }

  /** A technician's program on its way in, with the right code unless told otherwise. Does not wait for anything. */
  async technician(options: ComingTechnician = {}): Promise<Technician> {
    const { name, ...more } = options;
    const code = more.code ?? (await this.code());
    return this.#rest.use(
      new Technician({ host: this.host, port: this.port, username: this.id, key: this.key(name), ...more, code }),
    );
  }

  /** A session that a person allowed who stays at the machine; channels may be opened. */
  async session({ allow, ...options }: SessionOptions = {}): Promise<Technician> {
    let person = this.#people.find(({ left }) => !left);
    if (person === undefined) {
      person = await this.person();
      this.#stand = person;
    }
    const technician = await this.technician(options);
    const question = await person.asked();
    await question.allow(allow);
    await technician.ready;
    return technician;
  }

  /** The audit log so far. */
  record(from = 0): Promise<RecordedEvent[]> {
    return readRecord(this.home, from);
  }

  /** The first event that satisfies `wanted`, as soon as it is in the log. */
  untilRecorded(wanted: (event: RecordedEvent) => boolean, from = 0): Promise<RecordedEvent> {
    return untilRecorded(this.home, wanted, from);
  }

  /** Living processes that the daemon's session shells started, however deep. */
  sessionProcesses(): ReturnType<typeof processesWith> {
    return processesWith(`HOME=${this.environment.HOME}`, 'CHAPERONE_SESSION=');
  }

  /** Resident memory of the daemon in MiB. */
  memoryMiB(): number {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
  }

  /** Asks the daemon to stop; resolves with how it ended. */
  async stop(): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    this.#process?.kill('SIGTERM');
    const timer = setTimeout(() => this.#process?.kill('SIGKILL'), STOP_MS);
    return await this.exited.finally(() => clearTimeout(timer));
  }

  /** Kills the daemon as a power cut would. */
  async kill(): Promise<void> {
    this.#process?.kill('SIGKILL');
    await this.exited;
  }

  /** Takes everything down. Fails when the daemon did not stop as it should, or left a process behind. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rest.disposeAsync();
    const problems: string[] = [];
    const running = this.#process?.exitCode === null && this.#process.signalCode === null;
    if (running) {
      const { code, signal } = await this.stop();
      if (code !== 0) problems.push(`the daemon ended with ${code ?? signal}:\n${this.logLines.text.slice(-4000)}`);
    }
    const left = processesWith(this.root);
    if (left.length > 0)
      problems.push(`left behind: ${left.map(({ pid, command }) => `${pid} ${command}`).join('; ')}`);
    killFound(left);
    rmSync(this.root, { recursive: true, force: true });
    if (problems.length > 0) throw new Error(problems.join('\n'));
  }

  #control(): Promise<LocalClient> {
    this.#local ??= this.connectLocal();
    return this.#local;
  }
}
