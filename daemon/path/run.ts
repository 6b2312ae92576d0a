// Last layer: the shell itself. Output goes to the recording, to the mirror, and then to the technician.

import { homedir } from 'node:os';
import type { ServerChannel } from 'ssh2';
import { EXIT } from '../../protocol/errors.ts';
import type { Scope } from '../../protocol/scopes.ts';
import type { Machine } from '../machine.ts';
import { Mirror } from '../mirror/mirror.ts';
import type { RecordingFailed } from '../recording/errors.ts';
import type { Recording } from '../recording/recording.ts';
import { type ShellExit, type ShellProcess, startShell } from '../run/shell.ts';
import { sessionEnvironment } from '../session/environment.ts';
import type { Session, SessionPart } from '../session/session.ts';
import { SCOPE_WITHDRAWN } from '../session/words.ts';
import type { TechnicianConnection } from '../ssh/connection.ts';
import { PacedOutput } from '../ssh/paced-output.ts';
import type { TerminalWish } from './permit.ts';
import type { ShellControls } from './record.ts';

const QUEUE_HIGH = 256 * 1024; // bytes waiting for the technician: the shell is held up
const QUEUE_LOW = 64 * 1024; // and goes on
/** What every shell of this version lives by. */
export const SHELL_SCOPE: Scope = 'shell';

export interface ShellRun {
  readonly channel: ServerChannel;
  readonly number: number;
  readonly wish: TerminalWish;
  readonly recording: Recording;
  readonly connection: TechnicianConnection;
  readonly session: Session;
  readonly machine: Machine;
  /** Aborted when the permission was withdrawn since the shell was asked for, even if it was given again. */
  readonly held: AbortSignal;
}

export async function runShell(run: ShellRun): Promise<ShellControls> {
  const { machine, session, wish } = run;
  const shell = await startShell({
    program: machine.policy.shell.program,
    cwd: homedir(),
    environment: sessionEnvironment(session, machine, wish.language),
    cols: wish.cols,
    rows: wish.rows,
    term: wish.term,
    containment: machine.containment,
  });
  const part = new ShellPart(run, shell);
  // Attached before it listens: a session that was paused or ended meanwhile freezes or cuts it first.
  const attached = session.attach(part);
  if (run.held.aborted) {
    part.cut(SCOPE_WITHDRAWN);
  }
  void part.closed.then(() => attached[Symbol.dispose]());
  part.begin();
  session.counters.scopesUsed.add(SHELL_SCOPE);
  if (part.isCut) {
    await part.finish();
  }
  return part;
}

class ShellPart implements SessionPart, ShellControls {
  readonly scope = SHELL_SCOPE;
  readonly closed: Promise<void>;
  readonly #run: ShellRun;
  readonly #shell: ShellProcess;
  readonly #mirror: Mirror;
  readonly #paced: PacedOutput;
  readonly #openedAt = new Date();
  readonly #program: string;
  readonly #closing = Promise.withResolvers<void>();
  #listening: Disposable | undefined;
  #size: { readonly cols: number; readonly rows: number } | null = null;
  #hungUp = false;
  #heldUp = false;
  #frozen = false;
  #diskIsSlow = false;
  #cut = false;
  #onEmpty: () => void = () => undefined;
  #bytesOut = 0;
  #bytesIn = 0;
  #finishing: Promise<void> | undefined;

  constructor(run: ShellRun, shell: ShellProcess) {
    const { channel, recording, session, wish, number } = run;
    this.#run = run;
    this.#program = run.machine.policy.shell.program; // the policy may name another one later
    this.#shell = shell;
    this.closed = this.#closing.promise;
    this.#paced = new PacedOutput(channel, run.connection, () => this.#flow());
    this.#mirror = new Mirror({ cols: wish.cols, rows: wish.rows });
    session.mirrors.set(number, this.#mirror);
    void recording.failed.then((problem) => this.#loseRecording(problem));
    recording.onPressure(() => this.#waitForDisk());
  }

  get isCut(): boolean {
    return this.#cut;
  }

  /** Takes output and input from now on; nothing when it was cut before. */
  begin(): void {
    if (this.#cut) {
      return;
    }
    const { channel } = this.#run;
    this.#listening = this.#shell.onOutput((chunk) => this.#output(chunk));
    channel.on('data', (data: Buffer) => this.#input(data));
    channel.on('end', () => this.#hangUp());
    channel.on('close', () => void this.finish());
    if (!this.#frozen) {
      channel.resume();
    }
    void this.#shell.exited.then((exit) => this.#exited(exit));
  }

  #output(chunk: Buffer): void {
    const { recording, session } = this.#run;
    if (this.#cut) {
      return;
    }
    if (!recording.output(chunk)) {
      return; // nobody sees what is not recorded
    }
    this.#mirror.output(chunk);
    this.#bytesOut += chunk.length;
    session.counters.bytesToTechnician += chunk.length;
    this.#paced.write(chunk);
    this.#flow();
  }

  /** The shell runs as fast as the slowest of recorder and technician, and not at all during a pause. */
  #flow(): void {
    if (this.#paced.queued === 0) {
      this.#onEmpty();
    }
    const full = this.#paced.queued > QUEUE_HIGH || this.#diskIsSlow;
    if (!this.#heldUp && (this.#frozen || full)) {
      this.#heldUp = true;
      this.#shell.pause();
    } else if (this.#heldUp && !this.#frozen && this.#paced.queued < QUEUE_LOW && !this.#diskIsSlow) {
      this.#heldUp = false;
      this.#shell.resume();
    }
  }

  #waitForDisk(): void {
    this.#diskIsSlow = true;
    this.#flow();
    void this.#run.recording.drained().then(() => {
      this.#diskIsSlow = false;
      this.#flow();
    });
  }

  #input(data: Buffer): void {
    if (this.#cut) {
      return;
    }
    this.#bytesIn += data.length;
    this.#run.session.counters.bytesFromTechnician += data.length;
    if (!this.#shell.write(data)) {
      this.#run.channel.pause();
      void this.#shell.inputDrained().then(() => {
        if (!this.#frozen && !this.#cut) {
          this.#run.channel.resume();
        }
      });
    }
  }

  #loseRecording(problem: RecordingFailed): void {
    const { machine, number, session } = this.#run;
    session.loseRecorder(problem.words);
    void machine.log
      .append('recording.failed', { number, problem: problem.message.slice(0, 500) }, { session: session.id })
      .catch(() => undefined);
  }

  /** During a pause the newest size is kept: a program could read what is typed as sizes. */
  resize(cols: number, rows: number): void {
    if (this.#frozen) {
      this.#size = { cols, rows };
      return;
    }
    this.#shell.resize(cols, rows);
    this.#run.recording.resize(cols, rows);
    this.#mirror.resize(cols, rows);
  }

  signal(name: string): void {
    if (!this.#frozen) {
      this.#shell.signal(name);
    }
  }

  #hangUp(): void {
    this.#hungUp = true;
    if (!this.#frozen) {
      this.#shell.signal('HUP');
    }
  }

  freeze(): void {
    this.#frozen = true;
    this.#run.channel.pause();
    this.#paced.hold(true);
    this.#flow();
  }

  thaw(): void {
    this.#frozen = false;
    this.#run.channel.resume();
    this.#paced.hold(false);
    this.#flow();
    if (this.#size !== null) {
      this.resize(this.#size.cols, this.#size.rows);
      this.#size = null;
    }
    if (this.#hungUp) {
      this.#hangUp();
    }
  }

  cut(words: string): void {
    if (this.#cut) {
      return;
    }
    this.#cut = true;
    this.#listening?.[Symbol.dispose]();
    this.#paced.discard();
    this.#onEmpty();
    void this.#shell.kill().catch(() => undefined); // finish() reports it
    const { channel } = this.#run;
    if (channel.writable) {
      channel.stderr.write(`\r\n${words}\r\n`);
      channel.exit(EXIT.ended);
    }
    channel.close();
  }

  /** The program ended by itself: what it said last is delivered, then its status. */
  async #exited(exit: ShellExit): Promise<void> {
    if (this.#cut) {
      return;
    }
    const { channel } = this.#run;
    await this.#delivered();
    if (this.#cut) {
      return;
    }
    // Before `end`: ssh2 closes the channel with it, and a status that comes later is not read.
    if (exit.signal === null) {
      channel.exit(exit.code ?? EXIT.failure);
    } else {
      channel.exit(exit.signal);
    }
    channel.end();
    await this.finish(exit);
  }

  /** Resolves when the technician's program has room for all of the output, or the session is cut. */
  #delivered(): Promise<void> {
    if (this.#paced.queued === 0 || this.#cut) {
      return Promise.resolve();
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onEmpty = resolve;
    return promise;
  }

  finish(exit: ShellExit = { code: null, signal: null }): Promise<void> {
    this.#finishing ??= this.#finish(exit).finally(() => this.#closing.resolve());
    return this.#finishing;
  }

  async #finish(exit: ShellExit): Promise<void> {
    const { machine, number, recording, session } = this.#run;
    try {
      await this.#shell.kill();
    } catch (problem) {
      session.counters.processesLeft += 1;
      machine.logger.error({ session: session.id, number, problem }, 'a process of the session could not be ended');
    } finally {
      this.#paced.discard();
      await this.#mirror.finish();
      session.mirrors.delete(number);
      this.#mirror[Symbol.dispose]();
      const sealed = await recording.close();
      session.counters.shells.push({
        number,
        program: this.#program,
        openedAt: this.#openedAt.toISOString(),
        closedAt: new Date().toISOString(),
        exitCode: exit.code,
        signal: exit.signal,
        bytesOut: this.#bytesOut,
        bytesIn: this.#bytesIn,
        recording: { file: `shell-${number}.cast`, bytes: sealed.bytes, sha256: sealed.sha256 },
      });
      await machine.log
        .append(
          'shell.closed',
          {
            number,
            exitCode: exit.code,
            signal: exit.signal,
            bytesOut: this.#bytesOut,
            bytesIn: this.#bytesIn,
            recordingBytes: sealed.bytes,
            recordingSha256: sealed.sha256,
          },
          { session: session.id },
        )
        .catch(() => undefined); // a failed log ends the session by itself
    }
  }
}
