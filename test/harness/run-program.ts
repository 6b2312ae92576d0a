// Runs a program to its end over pipes.

import { spawn } from 'node:child_process';
import { once } from 'node:events';

const PATIENCE_MS = 120_000; // then it hangs

export interface ProgramResult {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  /** The whole environment. */
  readonly environment: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** What it reads on standard input. @default nothing */
  readonly input?: string;
  /** No end of the input before the program's own: a terminal does not hang up behind the last line typed. */
  readonly keepInputOpen?: boolean;
  /** @default two minutes; then it is killed */
  readonly patienceMs?: number;
}

/** Resolves when the program has ended, whatever its exit code. Rejects when it cannot be started. */
export async function runProgram(argv: readonly string[], options: ProgramOptions): Promise<ProgramResult> {
  const [program = '', ...args] = argv;
  const child = spawn(program, args, {
    env: options.environment,
    cwd: options.cwd,
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: options.patienceMs ?? PATIENCE_MS,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.on('error', () => undefined); // it may end without reading
  child.stdin.write(options.input ?? '');
  if (options.keepInputOpen !== true) child.stdin.end();
  await once(child, 'close');
  return { code: child.exitCode, signal: child.signalCode, stdout, stderr };
}
