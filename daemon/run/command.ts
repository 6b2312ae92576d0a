// Runs one program over pipes, bounded in time and bytes, and leaves nothing of it behind: for diagnostics.

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { ChaperoneError } from '../../protocol/errors.ts';
import { type ProcessIdentity, readProcess } from './process-table.ts';
import { killTree, RUN_TAG } from './tree-kill.ts';

export interface CommandOptions {
  /** Program (looked up in `environment.PATH` unless it holds a slash) and arguments. No shell ever sees them. */
  readonly argv: readonly string[];
  /** The whole environment; nothing of the daemon's own is added but RUN_TAG. */
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** The tree is killed after this long. */
  readonly timeoutMs: number;
  /** Of stdout and stderr together; the tree is killed when there is more. */
  readonly maxOutputBytes: number;
  /** Aborting kills the tree; the result says `cancelled`. */
  readonly signal?: AbortSignal | undefined;
  /** Always: commands read an empty stdin. */
  readonly stdin?: 'none' | undefined;
  /** Called with what arrives, within `maxOutputBytes`. */
  readonly onOutput?: ((stream: 'stdout' | 'stderr', chunk: Buffer) => void) | undefined;
}

export interface CommandResult {
  /** Exit code, null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** There was more output than allowed. */
  readonly truncated: boolean;
  readonly timedOut: boolean;
  readonly cancelled: boolean;
  readonly durationMs: number;
}

/** The program is not installed here. */
export class ProgramMissing extends ChaperoneError {
  readonly program: string;
  constructor(program: string) {
    super(`${program} is not installed on this machine`, { hint: `install ${program}, or use another diagnostic` });
    this.program = program;
  }
}

/** The program is there and could not be started. */
export class ProgramNotStarted extends ChaperoneError {
  readonly program: string;
  constructor(program: string, cause: unknown) {
    super(`${program} could not be started`, { hint: 'see the cause in the log of the daemon', cause });
    this.program = program;
  }
}

const DRAIN_MS = 1_000; // after the tree is dead its pipes are at their end, unless someone escaped with one

/**
 * Runs a program to its end, its time limit, its output limit, or the caller's abort, whichever is first, then kills
 * what it left running.
 * @throws ProgramMissing, ProgramNotStarted, ProcessesSurvived
 */
export async function runCommand(options: CommandOptions): Promise<CommandResult> {
  const [program = '', ...args] = options.argv;
  const startedAt = performance.now();
  const tag = randomUUID();
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...options.environment, [RUN_TAG]: tag },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // leads a kernel session of its own, by which its descendants are found
    shell: false,
  });
  const exited = Promise.withResolvers<void>();
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.once('exit', () => exited.resolve());
  child.once('error', (cause) => exited.reject(startFailure(program, options.cwd, cause)));
  const root = child.pid === undefined ? undefined : identify(child.pid);

  let killing: Promise<void> | undefined;
  const kill = (): Promise<void> => {
    if (root === undefined) return Promise.resolve();
    killing ??= killTree({ root, tag });
    killing.catch(exited.reject); // a program that survives its killing must not keep us waiting
    return killing;
  };
  let why: 'timedOut' | 'cancelled' | 'truncated' | undefined;
  const stop = (reason: NonNullable<typeof why>) => {
    why ??= reason;
    void kill();
  };
  const output = collect(child, options, {
    stopped: () => why !== undefined,
    overflow: () => stop('truncated'),
  });
  const timer = setTimeout(stop, options.timeoutMs, 'timedOut');
  const cancel = () => stop('cancelled');
  if (options.signal?.aborted) cancel();
  else options.signal?.addEventListener('abort', cancel, { once: true });
  try {
    await exited.promise;
    await kill();
    await Promise.race([closed, delay(DRAIN_MS, undefined, { ref: false })]);
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', cancel);
    child.stdout.destroy();
    child.stderr.destroy();
  }
  return {
    code: child.exitCode,
    signal: child.signalCode,
    stdout: Buffer.concat(output.stdout),
    stderr: Buffer.concat(output.stderr),
    truncated: why === 'truncated',
    timedOut: why === 'timedOut',
    cancelled: why === 'cancelled',
    durationMs: performance.now() - startedAt,
  };
}

/** Gathers both streams up to the limit; what comes after a stop is dropped. */
function collect(
  child: ChildProcessByStdio<null, Readable, Readable>,
  options: CommandOptions,
  on: { stopped(): boolean; overflow(): void },
): { stdout: Buffer[]; stderr: Buffer[] } {
  const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  let room = options.maxOutputBytes;
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].on('data', (data: Buffer) => {
      if (on.stopped()) return;
      const chunk = data.subarray(0, room);
      room -= chunk.length;
      if (chunk.length > 0) {
        output[stream].push(chunk);
        options.onOutput?.(stream, chunk);
      }
      if (chunk.length < data.length) on.overflow();
    });
  }
  return output;
}

function identify(pid: number): ProcessIdentity {
  return readProcess(pid) ?? { pid, start: 0 };
}

/** ENOENT means a missing program or a missing directory: tell them apart. */
function startFailure(program: string, cwd: string, cause: NodeJS.ErrnoException): ChaperoneError {
  if (cause.code === 'ENOENT' && existsSync(cwd)) return new ProgramMissing(program);
  return new ProgramNotStarted(program, cause);
}
