// A shell on a pty, contained: raw bytes both ways, an exit that comes after the last byte, an end that ends everything.

import { statSync } from 'node:fs';
import { ChaperoneError } from '../../protocol/errors.ts';
import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';
import type { ContainedRun, Containment } from './containment.ts';
import { findExecutable } from './executable.ts';
import { launch } from './launcher.ts';
import { readAnnouncement } from './namespace-containment.ts';
import { type ForkedPty, type ForkOptions, forkPty } from './native-pty.ts';
import { type ProcessIdentity, readProcess } from './process-table.ts';
import { ProgramMissing } from './program-errors.ts';
import { PtyMaster } from './pty-master.ts';
import { newRunTag } from './run-tag.ts';
import { isSshSignal, signalForeground, signalName } from './signals.ts';
import { RUN_TAG } from './tree-kill.ts';

export interface ShellOptions {
  /** Absolute path, or a name looked up in `environment.PATH`. */
  readonly program: string;
  readonly args?: readonly string[] | undefined;
  readonly cwd: string;
  /** The whole environment; TERM and RUN_TAG are added. */
  readonly environment: Readonly<Record<string, string>>;
  readonly cols: number;
  readonly rows: number;
  /** Value of TERM. */
  readonly term: string;
  readonly containment: Containment;
}

export interface ShellExit {
  readonly code: number | null;
  /** RFC 4254 name such as `TERM`. In a namespace a signal shows as code 128 + number, as in any shell. */
  readonly signal: string | null;
}

export interface ShellProcess extends AsyncDisposable {
  readonly pid: number;
  readonly containment: Containment['kind'];
  /** Raw output. It is held back until the first listener is there. */
  onOutput(listener: (chunk: Buffer) => void): Disposable;
  /**
   * Input. False when the program does not keep up: wait for `inputDrained`. Beyond 4 MiB input is discarded.
   * Never waits and never throws.
   */
  write(data: Buffer): boolean;
  inputDrained(): Promise<void>;
  /** Ignored once the program has ended. Sizes are whole numbers from 1 to 65,535. */
  resize(cols: number, rows: number): void;
  /** Stops reading; the program blocks when the kernel's buffer is full. */
  pause(): void;
  resume(): void;
  /** Sends an RFC 4254 signal (`INT`, without SIG) to the foreground programs. False when nobody got it. */
  signal(name: string): boolean;
  /** Resolves after the listeners have got the last byte, or after `kill`. */
  readonly exited: Promise<ShellExit>;
  /**
   * Ends the whole process tree; resolves when none of it lives. No listener is called again, from the call on.
   * Needed after `exited` too: programs may be left in the background.
   * @throws ProcessesSurvived
   */
  kill(): Promise<void>;
}

/** The shell did not come up; the message holds what was said about it. */
export class ShellNotStarted extends ChaperoneError {
  constructor(reason: string, cause?: unknown) {
    super(`the shell could not be started: ${sanitiseLine(reason) || 'it ended without a word'}`, {
      hint: 'check shell.program in the policy of the machine, and `chaperoned doctor`',
      cause,
    });
  }
}

const START_MS = 10_000; // from fork to the first process of the namespace; 5 ms is usual

/**
 * Starts a program on a pty.
 * @throws ProgramMissing, ShellNotStarted
 */
export async function startShell(options: ShellOptions): Promise<ShellProcess> {
  const { containment, cwd, cols, rows } = options;
  const tag = newRunTag();
  const environment = { ...options.environment, TERM: options.term, [RUN_TAG]: tag };
  if (!statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) throw new ShellNotStarted(`no directory ${cwd}`);
  const program = findExecutable(options.program, options.environment.PATH ?? '');
  if (program === undefined) throw new ProgramMissing(options.program);
  const contained = containment.wrap([program, ...(options.args ?? [])]);
  const [file, ...args] = launch(contained, containment.kind === 'namespace' ? 'to-output' : 'none');

  const ended = Promise.withResolvers<ShellExit>();
  const { pid, master, slavePath } = fork({ program: file, args, environment, cwd, cols, rows }, ended.resolve);
  const root: ProcessIdentity = readProcess(pid) ?? { pid, start: 0 };
  const pty = new PtyMaster(master, slavePath);
  if (containment.kind === 'tree') return new Shell(containment, { root, tag }, pty, ended.promise);
  try {
    const init = await announced(pty, root, ended.promise);
    return new Shell(containment, { root, tag, init }, pty, ended.promise);
  } catch (error) {
    await containment.killAll({ root, tag }).finally(() => pty.close());
    throw error;
  }
}

function fork(options: ForkOptions, onExit: (exit: ShellExit) => void): ForkedPty {
  try {
    return forkPty(options, (code, signal) =>
      onExit({ code: signal > 0 ? null : code, signal: signalName(signal) ?? null }),
    );
  } catch (cause) {
    throw new ShellNotStarted('there is no terminal or process left for it', cause);
  }
}

class Shell implements ShellProcess {
  readonly pid: number;
  readonly containment: Containment['kind'];
  readonly exited: Promise<ShellExit>;
  readonly #adapter: Containment;
  readonly #run: ContainedRun;
  readonly #pty: PtyMaster;
  readonly #listeners = new Set<(chunk: Buffer) => void>();
  #killing: Promise<void> | undefined;

  constructor(adapter: Containment, run: ContainedRun, pty: PtyMaster, ended: Promise<ShellExit>) {
    this.pid = run.root.pid;
    this.containment = adapter.kind;
    this.#adapter = adapter;
    this.#run = run;
    this.#pty = pty;
    this.exited = ended.then(async (exit) => {
      await pty.drain();
      return exit;
    });
  }

  onOutput(listener: (chunk: Buffer) => void): Disposable {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) {
      this.#pty.listen((chunk) => {
        for (const each of this.#listeners) if (this.#killing === undefined) each(chunk);
      });
    }
    return {
      [Symbol.dispose]: () => {
        this.#listeners.delete(listener);
        if (this.#listeners.size === 0) this.#pty.listen(undefined);
      },
    };
  }

  write(data: Buffer): boolean {
    return this.#pty.write(data);
  }

  inputDrained(): Promise<void> {
    return this.#pty.inputDrained();
  }

  resize(cols: number, rows: number): void {
    this.#pty.resize(cols, rows);
  }

  pause(): void {
    if (this.#killing === undefined) this.#pty.pause();
  }

  resume(): void {
    this.#pty.resume();
  }

  signal(name: string): boolean {
    return this.#killing === undefined && isSshSignal(name) && signalForeground(this.#run, name) > 0;
  }

  kill(): Promise<void> {
    this.#killing ??= this.#end();
    return this.#killing;
  }

  async #end(): Promise<void> {
    this.#pty.mute();
    try {
      await this.#adapter.killAll(this.#run);
    } finally {
      this.#pty.close();
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}

/** Waits for the first process of the namespace, and gives back the output that came with its announcement. */
async function announced(pty: PtyMaster, root: ProcessIdentity, ended: Promise<unknown>): Promise<ProcessIdentity> {
  let output = Buffer.alloc(0);
  const found = Promise.withResolvers<ProcessIdentity>();
  pty.listen((chunk) => {
    output = Buffer.concat([output, chunk]);
    const announcement = readAnnouncement(output, root);
    if (typeof announcement === 'string') return;
    pty.listen(undefined, announcement.rest);
    found.resolve(announcement.init);
  });
  void ended.then(async () => {
    await pty.drain();
    found.reject(new ShellNotStarted(output.toString('utf8'))); // no effect when it was found
  });
  const timer = setTimeout(() => found.reject(new ShellNotStarted('it did not answer in time')), START_MS);
  return found.promise.finally(() => clearTimeout(timer));
}
