// Runs the real program in tests, without a terminal. Never shipped.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { makeOwnKeyFile } from '../connection/own-key.ts';

const MAIN = join(import.meta.dirname, '..', 'main.ts');

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export class TestProgram implements Disposable {
  readonly home: string;
  readonly environment: Record<string, string | undefined>;

  /** @param home of a technician who exists already; else a new one with a key */
  constructor(home?: string) {
    this.home = home ?? mkdtempSync(join(tmpdir(), 'chaperone-program-'));
    this.environment = {
      ...process.env,
      CHAPERONE_HOME: this.home,
      HOME: this.home,
      SSH_AUTH_SOCK: undefined,
      NODE_OPTIONS: '--disable-warning=ExperimentalWarning',
    };
    if (home === undefined) {
      makeOwnKeyFile({ CHAPERONE_HOME: this.home });
    }
  }

  /** What the program was last given to run. */
  child: ChildProcess | null = null;

  /** Resolves when it is over. Standard input is `input`, then its end; null leaves it open. */
  run(args: readonly string[], input: string | null = '', onOutput?: (all: string) => void): Promise<Ran> {
    const child = spawn(process.execPath, [MAIN, ...args], { env: this.environment });
    this.child = child;
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      onOutput?.(out);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    child.stdin.on('error', () => undefined);
    if (input !== null) {
      child.stdin.end(input);
    }
    return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
  }

  /** The same inside this process, which takes a hundredth of the time; for commands that read no input. */
  async runHere(args: readonly string[]): Promise<Ran> {
    const { runCommandLine } = await import('./command-line.ts');
    const before = { exitCode: process.exitCode, listeners: process.stdout.listeners('error') };
    let out = '';
    let err = '';
    const taken = [
      vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
        out += text;
        return true;
      }),
      vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
        err += text;
        return true;
      }),
    ];
    vi.stubEnv('CHAPERONE_HOME', this.home);
    vi.stubEnv('HOME', this.home);
    vi.stubEnv('SSH_AUTH_SOCK', undefined);
    try {
      process.exitCode = 0;
      await runCommandLine([process.execPath, MAIN, ...args]);
      return { code: Number(process.exitCode), out, err };
    } finally {
      process.exitCode = before.exitCode;
      process.stdout.removeAllListeners('error');
      for (const listener of before.listeners) {
        process.stdout.on('error', (error) => Reflect.apply(listener, process.stdout, [error]));
      }
      for (const spy of taken) {
        spy.mockRestore();
      }
      vi.unstubAllEnvs();
    }
  }

  [Symbol.dispose](): void {
    this.child?.kill('SIGKILL');
    rmSync(this.home, { recursive: true, force: true });
  }
}
