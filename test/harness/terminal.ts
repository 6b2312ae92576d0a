// A real terminal (pty) with one program in it, whose output is followed as it comes. Without the loss of the last
// output that node-pty has, because it stands on the daemon's own pty.

import { tmpdir } from 'node:os';
import { type ShellExit, type ShellProcess, startShell } from '../../daemon/run/shell.ts';
import { treeContainment } from '../../daemon/run/tree-containment.ts';
import { Transcript } from './transcript.ts';

export interface TerminalOptions {
  /** The whole environment but `TERM`. */
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly cols?: number;
  readonly rows?: number;
  readonly term?: string;
}

export class Terminal implements AsyncDisposable {
  /** All that was written to the terminal, escape sequences and all. */
  readonly output = new Transcript();
  /** Resolves after its last byte was taken. */
  readonly exited: Promise<ShellExit>;
  readonly #shell: ShellProcess;

  private constructor(shell: ShellProcess) {
    this.#shell = shell;
    this.exited = shell.exited;
    const decoder = new TextDecoder();
    shell.onOutput((chunk) => this.output.append(decoder.decode(chunk, { stream: true })));
  }

  /** Runs `argv` on a terminal of its own. */
  static async run(argv: readonly string[], options: TerminalOptions): Promise<Terminal> {
    const [program = '', ...args] = argv;
    return new Terminal(
      await startShell({
        program,
        args,
        cwd: options.cwd ?? tmpdir(),
        environment: options.environment,
        cols: options.cols ?? 100,
        rows: options.rows ?? 30,
        term: options.term ?? 'xterm-256color',
        containment: treeContainment,
      }),
    );
  }

  get text(): string {
    return this.output.text;
  }

  until(wanted: string | RegExp, options?: Parameters<Transcript['until']>[1]): Promise<string> {
    return this.output.until(wanted, options);
  }

  type(text: string): void {
    this.#shell.write(Buffer.from(text));
  }

  /** Types a line and presses Enter. */
  enter(line: string): void {
    this.type(`${line}\r`);
  }

  resize(cols: number, rows: number): void {
    this.#shell.resize(cols, rows);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#shell.kill();
  }
}
