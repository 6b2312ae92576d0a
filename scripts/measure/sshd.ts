// A real OpenSSH server for one run: loopback only, throw-away keys, nothing left behind.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findProgram } from '../../test/programs.ts';
import { processTree } from './process-tree.ts';

const HOST = '127.0.0.1';
const START_ATTEMPTS = 3; // a free port may be taken by another program between asking for it and using it
const PRIVILEGE_SEPARATION_FOLDER = '/run/sshd'; // sshd of root refuses to start without; systemd makes it elsewhere

export interface Sshd extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** Who may log in: the user who runs this. */
  readonly user: string;
  /** Text of the private key that may log in, in OpenSSH's format. */
  readonly privateKey: string;
  /** Process ID of the listener. */
  readonly pid: number;
  /** Options and destination for `ssh`, which then reads no settings and no keys of the user. */
  readonly sshArguments: readonly string[];
}

/** Starts it. Shells get an empty home. @throws Error when sshd is not installed or does not start */
export async function startSshd(): Promise<Sshd> {
  const program = findProgram('sshd');
  if (program === undefined) throw new Error('sshd is not installed (Debian: openssh-server)');
  if (process.getuid?.() === 0) mkdirSync(PRIVILEGE_SEPARATION_FOLDER, { recursive: true, mode: 0o755 });

  const folder = mkdtempSync(join(tmpdir(), 'chaperone-sshd-'));
  try {
    for (const key of ['host_key', 'user_key']) {
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', key, '-f', join(folder, key)]);
    }
    mkdirSync(join(folder, 'home'));
    for (let attempt = 1; ; attempt++) {
      const port = await freePort();
      writeFileSync(join(folder, 'sshd_config'), settings(folder, port));
      try {
        return describe(folder, port, await listen(program, join(folder, 'sshd_config')));
      } catch (problem) {
        if (attempt === START_ATTEMPTS) throw problem;
      }
    }
  } catch (problem) {
    rmSync(folder, { recursive: true });
    throw problem;
  }
}

function settings(folder: string, port: number): string {
  return [
    `ListenAddress ${HOST}:${port}`,
    `HostKey ${folder}/host_key`,
    `AuthorizedKeysFile ${folder}/user_key.pub`,
    'PidFile none',
    'UsePAM no',
    'StrictModes no', // the temporary folder's parents are writable for all
    'PermitRootLogin prohibit-password',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'UseDNS no',
    'PrintMotd no',
    'PrintLastLog no',
    'MaxStartups 1000',
    'MaxSessions 1000',
    `SetEnv HOME=${folder}/home`, // start-up files of the user would be measured too
    'Subsystem sftp internal-sftp',
    '',
  ].join('\n');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, HOST);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no address');
  return address.port;
}

/** Resolves once it listens; rejects with what it said when it ends instead. */
async function listen(program: string, config: string): Promise<ChildProcess> {
  const server = spawn(program, ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  const said: string[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<ChildProcess>();
  server.on('error', reject);
  server.on('exit', () => reject(new Error(`sshd did not start: ${said.join(' ')}`)));
  createInterface({ input: server.stderr }).on('line', (line) => {
    said.push(line);
    if (line.startsWith('Server listening on')) resolve(server);
  });
  return promise;
}

function describe(folder: string, port: number, server: ChildProcess): Sshd {
  const { pid } = server;
  if (pid === undefined) throw new Error('sshd has no process ID');
  const user = userInfo().username;
  const known = join(folder, 'known_hosts');
  const key = join(folder, 'user_key');
  writeFileSync(known, `[${HOST}]:${port} ${readFileSync(join(folder, 'host_key.pub'), 'utf8')}`);
  const options = [`UserKnownHostsFile=${known}`, 'GlobalKnownHostsFile=none', 'StrictHostKeyChecking=yes'];
  options.push(`IdentityFile=${key}`, 'IdentitiesOnly=yes', 'IdentityAgent=none', `Port=${port}`);
  return {
    host: HOST,
    port,
    user,
    pid,
    privateKey: readFileSync(key, 'utf8'),
    sshArguments: ['-F', 'none', ...options.flatMap((option) => ['-o', option]), `${user}@${HOST}`],
    async [Symbol.asyncDispose]() {
      if (server.exitCode === null && server.signalCode === null) {
        // Sessions are processes of their own, which outlive the listener.
        for (const process of processTree(pid).reverse()) end(process.pid);
        await once(server, 'exit');
      }
      rmSync(folder, { recursive: true });
    },
  };
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it ended by itself
  }
}
