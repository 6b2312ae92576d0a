// The bare server as something to measure: ssh2 and a pty without Chaperone, with or without the recorder.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { logIn, logOut } from './log-in.ts';
import type { Connection } from './target.ts';

const SERVER = fileURLToPath(new URL('bare-server.ts', import.meta.url));

export interface Bare extends AsyncDisposable {
  connect(): Promise<Connection>;
}

export async function startBare({ record }: { record: boolean }): Promise<Bare> {
  const folder = mkdtempSync(join(tmpdir(), 'chaperone-bare-'));
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'key')]);
  const privateKey = readFileSync(join(folder, 'key'), 'utf8');
  const args = record ? [SERVER, join(folder, 'recording')] : [SERVER];
  const server: ChildProcess = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = (await once(server.stdout ?? server, 'data')) as [Buffer];
  return {
    async connect() {
      const begunAt = performance.now();
      const client = await logIn({ host: '127.0.0.1', port: Number(port.toString()), user: 'bench', privateKey });
      return { client, begunAt, waitedForPersonMs: 0, [Symbol.asyncDispose]: () => logOut(client) };
    },
    async [Symbol.asyncDispose]() {
      server.kill();
      await once(server, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
