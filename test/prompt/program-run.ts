// Runs `chaperoned …` as a process of its own and collects what it says.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../daemon/main.ts', import.meta.url));

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts it; its output goes into pipes. */
export function begin(home: string, ...command: string[]): ChildProcess {
  return spawn(process.execPath, [PROGRAM, ...command], {
    env: { ...process.env, CHAPERONE_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs it to its end. */
export async function run(home: string, ...command: string[]): Promise<Finished> {
  const child = begin(home, ...command);
  const said = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk) => {
    said.stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    said.stderr += chunk;
  });
  const [status] = await once(child, 'close');
  return { status, ...said };
}
