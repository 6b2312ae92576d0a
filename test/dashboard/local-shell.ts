// A local program on a pty as the dashboard's shell, with real back-pressure.

import { type IPty, spawn } from 'node-pty';
import type { ShellPort, TerminalSize } from '../../tui/dashboard/ports.ts';

export class LocalShell implements ShellPort {
  readonly closed: Promise<string>;
  readonly #pty: IPty;
  #over = false;

  constructor([program = 'bash', ...argv]: readonly string[], { cols, rows }: TerminalSize) {
    this.#pty = spawn(program, argv, {
      cols,
      rows,
      name: 'xterm-256color',
      encoding: null,
      env: { ...process.env, PS1: '\\$ ', NO_COLOR: undefined },
    });
    this.closed = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode }) => {
        this.#over = true;
        resolve(`the shell exited with status ${exitCode}`);
      });
    });
  }

  onOutput(listener: (chunk: Uint8Array) => void): void {
    // With `encoding: null` node-pty hands out buffers, whatever its types say.
    this.#pty.onData((chunk: string | Uint8Array) => listener(typeof chunk === 'string' ? Buffer.from(chunk) : chunk));
  }

  pause(): void {
    if (!this.#over) this.#pty.pause();
  }

  resume(): void {
    if (!this.#over) this.#pty.resume();
  }

  write(data: Uint8Array): void {
    // Its types know strings only; its socket takes bytes as they are.
    if (!this.#over) this.#pty.write(Buffer.from(data) as unknown as string);
  }

  resize({ cols, rows }: TerminalSize): void {
    if (!this.#over) this.#pty.resize(cols, rows);
  }

  [Symbol.dispose](): void {
    if (this.#over) return;
    this.#over = true;
    this.#pty.kill('SIGKILL');
  }
}
