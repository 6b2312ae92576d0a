// OpenSSH as a target: what everything of ours is compared with.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { logIn, logOut } from './log-in.ts';
import { processTree } from './process-tree.ts';
import { startSshd } from './sshd.ts';
import type { Target } from './target.ts';

export async function startOpenSsh(): Promise<Target> {
  const sshd = await startSshd();
  return {
    name: 'OpenSSH',
    async connect() {
      const begunAt = performance.now();
      const client = await logIn(sshd);
      return { client, begunAt, waitedForPersonMs: 0, [Symbol.asyncDispose]: () => logOut(client) };
    },
    async coldStart() {
      const begin = performance.now();
      const ssh = spawn('ssh', [...sshd.sshArguments, 'true'], { stdio: 'ignore' });
      await once(ssh, 'exit');
      if (ssh.exitCode !== 0) throw new Error(`ssh ended with ${ssh.exitCode}`);
      return { durationMs: performance.now() - begin, waitedForPersonMs: 0 };
    },
    serverProcesses: () =>
      processTree(sshd.pid)
        .filter(({ name }) => name.startsWith('sshd'))
        .map(({ pid }) => pid),
    [Symbol.asyncDispose]: () => sshd[Symbol.asyncDispose](),
  };
}
