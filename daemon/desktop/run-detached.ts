// Starts a program of the desktop that lives on by itself.

import { spawn } from 'node:child_process';

/** Nobody waits for it; that it cannot be started is seen by its not being there. */
export function runDetached(command: readonly string[], environment: NodeJS.ProcessEnv): void {
  const [program, ...args] = command;
  if (program === undefined) return;
  const child = spawn(program, args, { env: environment, stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
