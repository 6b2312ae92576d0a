// An approved command as it runs: recorded, mirrored to the person, bounded, and over at once with its permission.

import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import type { CommandSummary } from '../../protocol/receipt.ts';
import type { Machine } from '../machine.ts';
import { Mirror } from '../mirror/mirror.ts';
import { openRecording, type Recording } from '../recording/recording.ts';
import { type CommandResult, runCommand } from '../run/command.ts';
import { sessionDirectory } from '../session/directory.ts';
import { sessionEnvironment } from '../session/environment.ts';
import type { Session, SessionPart } from '../session/session.ts';
import type { ParsedCommand } from './parse-command.ts';

export const COMMAND_LIMIT_MS = 2 * 60_000;
const OUTPUT_MAX = 1024 * 1024; // bytes of both streams together
const SIZE = { cols: 100, rows: 30 }; // of the recording and of the person's view
const MIRROR_FROM = 1000; // numbers of views; shells count from 1

export interface ApprovedRunOptions {
  readonly machine: Machine;
  readonly session: Session;
  readonly number: number;
  readonly command: ParsedCommand;
  /** Aborted when the permission is withdrawn, the session ends or the technician cancels. */
  readonly signal: AbortSignal;
  readonly onOutput: (stream: 'stdout' | 'stderr', chunk: Buffer) => void;
}

export interface RunEnd {
  readonly outcome: CommandSummary['outcome'];
  readonly message: string;
  readonly exitCode: number | null;
  readonly truncated: boolean;
  readonly durationMs: number;
}

/** Opens the recording, logs the start, runs the command to its end, and logs that. */
export async function runApproved(options: ApprovedRunOptions): Promise<RunEnd> {
  const { machine, session, number, command, signal } = options;
  const file = join(sessionDirectory(machine.home, session.id), `command-${number}.cast`);
  const startedAt = new Date().toISOString();
  const recording = await openRecording(file, {
    ...SIZE,
    title: `${machine.identity.name}, command ${number}, session ${session.id}`,
    startedAt: new Date(),
    maxBytes: () => machine.policy.record.maxBytes,
  });
  void recording.failed.then((problem) => session.loseRecorder(problem.words));
  let end: RunEnd = {
    outcome: 'failed',
    message: 'it was not started',
    exitCode: null,
    truncated: false,
    durationMs: 0,
  };
  let sealed = { bytes: 0, sha256: '0'.repeat(64) };
  try {
    await machine.log.append(
      'command.started',
      { number, command: command.shown, how: command.how, digest: command.digest, recording: basename(file) },
      { session: session.id, actor: session.grant.technician.keyFingerprint },
    );
    await session.whenRunning();
    if (!signal.aborted) {
      session.counters.scopesUsed.add('shell.suggest');
      end = await new Running(options, recording).run();
    }
  } finally {
    sealed = await recording.close();
    const { outcome, exitCode, durationMs } = end;
    session.counters.commands.push({
      number,
      command: command.shown.length <= 200 ? command.shown : `${command.shown.slice(0, 199)}…`,
      digest: command.digest,
      startedAt,
      outcome,
      exitCode,
      recording: { file: basename(file), bytes: sealed.bytes, sha256: sealed.sha256 },
    });
    await machine.log
      .append(
        'command.ended',
        {
          number,
          outcome,
          exitCode,
          durationMs: Math.round(durationMs),
          recordingBytes: sealed.bytes,
          recordingSha256: sealed.sha256,
        },
        { session: session.id },
      )
      .catch(() => undefined); // a failed log ends the session by itself
  }
  return end;
}

class Running implements SessionPart {
  readonly scope = 'shell.suggest';
  readonly #options: ApprovedRunOptions;
  readonly #recording: Recording;
  readonly #mirror = new Mirror(SIZE);
  readonly #stop = new AbortController();
  readonly #done = Promise.withResolvers<void>();
  #flow: { pause(): void; resume(): void } = { pause: () => undefined, resume: () => undefined };
  #frozen = false;
  #cut = false;

  constructor(options: ApprovedRunOptions, recording: Recording) {
    this.#options = options;
    this.#recording = recording;
  }

  async run(): Promise<RunEnd> {
    const { machine, session, number, command, signal } = this.#options;
    const view = MIRROR_FROM + number;
    // The one before stays to be read until now.
    for (const [key, mirror] of session.mirrors) {
      if (key > MIRROR_FROM) {
        session.mirrors.delete(key);
        mirror[Symbol.dispose]();
      }
    }
    session.mirrors.set(view, this.#mirror);
    session.over.addEventListener('abort', () => this.#mirror[Symbol.dispose](), { once: true });
    if (!this.#show(Buffer.from(`$ ${command.shown}\n`))) this.#stop.abort();
    const attached = session.attach(this);
    try {
      const result = await runCommand({
        argv: command.argv,
        environment: { ...sessionEnvironment(session, machine), TERM: 'dumb', PAGER: 'cat', SYSTEMD_PAGER: 'cat' },
        cwd: homedir(),
        timeoutMs: COMMAND_LIMIT_MS,
        maxOutputBytes: OUTPUT_MAX,
        containment: machine.containment,
        signal: AbortSignal.any([signal, this.#stop.signal]),
        onFlow: (flow) => {
          this.#flow = flow;
          if (this.#frozen) {
            flow.pause();
          }
        },
        onOutput: (stream, chunk) => this.#output(stream, chunk),
      });
      return endOf(result);
    } finally {
      this.#done.resolve();
      attached[Symbol.dispose]();
    }
  }

  #output(stream: 'stdout' | 'stderr', chunk: Buffer): void {
    if (this.#cut) {
      return;
    }
    if (!this.#show(chunk)) {
      this.#stop.abort();
      return; // nobody sees what is not recorded
    }
    this.#options.onOutput(stream, chunk);
    if (this.#frozen) {
      this.#flow.pause();
    }
  }

  /** As a terminal would show it: a pipe's line ends lack the return to the first column. @returns whether it is recorded */
  #show(chunk: Buffer): boolean {
    const shown = Buffer.from(chunk.toString('latin1').replaceAll('\n', '\r\n'), 'latin1');
    if (!this.#recording.output(shown)) return false;
    this.#mirror.output(shown);
    return true;
  }

  freeze(): void {
    this.#frozen = true;
    this.#flow.pause();
  }

  thaw(): void {
    this.#frozen = false;
    this.#flow.resume();
  }

  cut(): void {
    this.#cut = true;
    this.#stop.abort();
    this.#flow.resume(); // what waits is read and thrown away, so that the program can be seen to end
  }

  finish(): Promise<void> {
    return this.#done.promise;
  }
}

function endOf(result: CommandResult): RunEnd {
  const { code, signal, truncated, durationMs } = result;
  const common = { exitCode: code, truncated, durationMs };
  if (result.cancelled) return { ...common, outcome: 'cancelled', message: 'it was stopped' };
  if (result.timedOut) return { ...common, outcome: 'timeout', message: 'it took too long and was stopped' };
  if (truncated) return { ...common, outcome: 'done', message: 'it said too much and was stopped' };
  const message = signal === null ? `it ended with status ${code}` : `it was ended by ${signal}`;
  return { ...common, outcome: 'done', message };
}
