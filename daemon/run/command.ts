// Runs one program over pipes, bounded in time and bytes, and leaves nothing of it behind: for diagnostics.

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { ChaperoneError } from '../../protocol/errors.ts';
import type { Containment } from './containment.ts';
import { findExecutable } from './executable.ts';
import { launch } from './launcher.ts';
import { type ProcessIdentity, readProcess } from './process-table.ts';
import { ProgramMissing, ProgramNotStarted } from './program-errors.ts';
import { newRunTag } from './run-tag.ts';
import { killTree, RUN_TAG } from './tree-kill.ts';

export interface CommandOptions {
  /** Program (looked up in `environment.PATH` unless it holds a slash) and arguments. No shell ever sees them. */
  readonly argv: readonly string[];
  /** The whole environment; nothing is added but RUN_TAG, and PWD, SHLVL and `_` by the launcher. */
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** The tree is killed after this long. */
  readonly timeoutMs: number;
  /** Of stdout and stderr together; the tree is killed when there is more. */
  readonly maxOutputBytes: number;
  /** Aborting kills the tree; the result says `cancelled`. */
  readonly signal?: AbortSignal | undefined;
  /** What holds its processes; the whole tree of them is ended with it. @default a search for descendants */
  readonly containment?: Containment | undefined;
  /** Given once: stops and goes on reading, so that the program waits when its pipes are full. */
  readonly onFlow?: ((flow: { pause(): void; resume(): void }) => void) | undefined;
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

const DRAIN_MS = 1_000; // after the tree is dead its pipes are at their end, unless someone escaped with one

/**
 * Runs a program to its end, its time limit, its output limit, or the caller's abort, whichever is first, then kills
 * what it left running.
 * @throws ProgramMissing, ProgramNotStarted, ProcessesSurvived
 */
export async function runCommand(options: CommandOptions): Promise<CommandResult> {
  const [named = ''] = options.argv;
  const [program, ...args] = launched(options);
  const startedAt = performance.now();
  const tag = newRunTag();
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...options.environment, [RUN_TAG]: tag },
    // The fourth takes a namespace's announcement; nobody needs it here.
    stdio: ['ignore', 'pipe', 'pipe', options.containment?.kind === 'namespace' ? 'pipe' : 'ignore'],
    detached: true, // leads a kernel session of its own, by which its descendants are found
    shell: false,
  });
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new ProgramNotStarted(named, 'it has no pipes');
  drainAnnouncement(child);
  options.onFlow?.({
    pause: () => {
      stdout.pause();
      stderr.pause();
    },
    resume: () => {
      stdout.resume();
      stderr.resume();
    },
  });
  const exited = Promise.withResolvers<void>();
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.once('exit', () => exited.resolve());
  child.once('error', (cause) => exited.reject(startFailure(named, options.cwd, cause)));
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
  const output = collect({ stdout, stderr }, options, {
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
    stdout.destroy();
    stderr.destroy();
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

/** Nothing that the daemon has open goes along. @throws ProgramMissing, ProgramNotStarted: here, not by whoever runs it */
function launched({ argv, environment, containment }: CommandOptions): readonly [program: string, ...args: string[]] {
  const [name = '', ...args] = argv;
  const program = findExecutable(name, environment.PATH ?? '');
  if (program === undefined) {
    throw name.includes('/') && existsSync(name)
      ? new ProgramNotStarted(name, 'it cannot be executed')
      : new ProgramMissing(name);
  }
  const command = [program, ...args];
  if (containment === undefined) return launch(command, 'none');
  const announcement = containment.kind === 'namespace' ? 'to-its-pipe' : 'none';
  return launch(containment.wrap(command), announcement);
}

function drainAnnouncement(child: ChildProcess): void {
  const announcement = child.stdio[3];
  if (announcement instanceof Socket) announcement.on('error', () => undefined).resume();
}

/** Gathers both streams up to the limit; what comes after a stop is dropped. */
function collect(
  pipes: Readonly<Record<'stdout' | 'stderr', Readable>>,
  options: CommandOptions,
  on: { stopped(): boolean; overflow(): void },
): { stdout: Buffer[]; stderr: Buffer[] } {
  const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  let room = options.maxOutputBytes;
  for (const stream of ['stdout', 'stderr'] as const) {
    pipes[stream].on('data', (data: Buffer) => {
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
