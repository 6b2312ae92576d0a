// A technician's certificate as `chaperone` shows it, taken by OpenSSH's own sshd.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { NextAuthHandler } from 'ssh2';
import SshClient from 'ssh2/lib/client.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { presentCertificates } from '../../tui/connection/certified-key.ts';
import { technicianKeys } from '../../tui/connection/technician-keys.ts';
import { type CertificateWishes, certify, type KeyFiles, makeKey } from '../harness/certificate-authority.ts';
import { freePort } from '../harness/free-port.ts';
import { findProgram } from '../programs.ts';
import { describeWith } from '../requires.ts';

const USER = userInfo().username;
const PASSPHRASE = 'correct horse';
const LINE_MS = 30_000; // for a line of sshd, on a slow, busy machine

describeWith(['sshd', 'ssh-keygen', 'ssh-agent', 'ssh-add'], 'sshd, which trusts an authority and no key', () => {
  const directory = mkdtempSync(join(tmpdir(), 'chaperone-badge-'));
  let sshd: ChildProcess;
  let port = 0;
  let said: string[] = [];
  let ca: KeyFiles;

  beforeAll(async () => {
    ca = makeKey(directory, 'ca');
    const host = makeKey(directory, 'host');
    port = await freePort();
    if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
    writeFileSync(
      join(directory, 'sshd_config'),
      [
        `ListenAddress 127.0.0.1:${port}`,
        `HostKey ${host.file}`,
        `TrustedUserCAKeys ${ca.publicFile}`,
        'AuthorizedKeysFile none',
        'PidFile none',
        'UsePAM no',
        'StrictModes no',
        'PermitRootLogin prohibit-password',
        'LogLevel VERBOSE',
        '',
      ].join('\n'),
    );
    sshd = spawn(findProgram('sshd') ?? 'sshd', ['-D', '-e', '-f', join(directory, 'sshd_config')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    sshd.on('exit', () => reject(new Error(`sshd did not start: ${said.join(' ')}`)));
    if (sshd.stderr === null) throw new Error('sshd has no standard error');
    createInterface({ input: sshd.stderr }).on('line', (line) => {
      said.push(line);
      if (line.startsWith('Server listening on')) resolve();
    });
    await promise;
  });
  afterAll(() => {
    sshd.kill('SIGKILL');
    rmSync(directory, { recursive: true });
  });

  /** A key with a certificate beside it. */
  function badge(
    name: string,
    wishes: CertificateWishes = {},
    type: Parameters<typeof makeKey>[2] = 'ed25519',
  ): KeyFiles {
    const key = makeKey(directory, name, type, PASSPHRASE);
    certify(ca, key, { principals: USER, ...wishes });
    return key;
  }

  /** Whether sshd lets a technician in who offers these keys, and what it said. */
  async function isLetIn(choice: { identity?: string; certificate?: string; agent?: string }): Promise<boolean> {
    said = [];
    const keys = technicianKeys({
      identity: choice.identity ?? null,
      certificate: choice.certificate ?? null,
      askPassphrase: async () => PASSPHRASE,
      environment: { CHAPERONE_HOME: join(directory, 'nobody'), HOME: directory, SSH_AUTH_SOCK: choice.agent },
    });
    const client = new SshClient();
    const { promise, resolve } = Promise.withResolvers<boolean>();
    client.on('ready', () => resolve(true));
    client.on('error', () => undefined);
    client.on('close', () => resolve(false));
    const offer = async (next: NextAuthHandler): Promise<void> => {
      const { value } = await keys.next();
      if (value === undefined) client.end();
      else next(value.method(USER, () => undefined));
    };
    client.connect({
      host: '127.0.0.1',
      port,
      username: USER,
      readyTimeout: 30_000,
      authHandler: (_left, _partial, next) => void offer(next),
    });
    presentCertificates(client);
    const letIn = await promise;
    client.end();
    return letIn;
  }

  it.each(['ed25519', 'ecdsa-256', 'ecdsa-384', 'rsa-2048'] as const)(
    'takes one beside a locked %s key',
    async (type) => {
      expect(
        await isLetIn({ identity: badge(`beside-${type}`, { keyId: 'Dana Reyes' }, type).file }),
        said.join('\n'),
      ).toBe(true);
      // What sshd writes comes by another way than what it lets in.
      await expect.poll(() => said.join('\n'), { timeout: LINE_MS }).toContain('ID Dana Reyes (serial 1) CA ED25519');
    },
  );

  it('takes one that is named, for a key that has another beside it', async () => {
    const key = badge('two', { validity: '-2h:-1h' });
    expect(await isLetIn({ identity: key.file })).toBe(false);
    const certificate = certify(ca, key, { principals: USER, as: 'two-renewed' });
    expect(await isLetIn({ identity: key.file, certificate }), said.join('\n')).toBe(true);
  });

  it.each([
    ['has run out', { validity: '-2h:-1h' }],
    ['is for somebody else', { principals: 'nobody-here' }],
  ])('refuses one that %s', async (_what, wishes) => {
    expect(await isLetIn({ identity: badge(`bad-${Object.keys(wishes).join()}`, wishes).file })).toBe(false);
  });

  it.each(['ed25519', 'rsa-2048'] as const)(
    'takes one that the agent holds, or whose key it holds: %s',
    async (type) => {
      const socket = join(directory, `agent-${type}`);
      const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] });
      try {
        await once(agent.stdout, 'data');
        const open = makeKey(directory, `in-agent-${type}`, type);
        certify(ca, open, { principals: USER });
        const add = (): void =>
          void execFileSync('ssh-add', ['-q', open.file], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
        add();
        expect(await isLetIn({ agent: socket }), said.join('\n')).toBe(true);

        execFileSync('ssh-add', ['-q', '-D'], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'ignore' });
        const text = readFileSync(`${open.file}-cert.pub`, 'utf8');
        rmSync(`${open.file}-cert.pub`);
        add();
        expect(await isLetIn({ agent: socket })).toBe(false);
        const elsewhere = join(directory, `elsewhere-${type}-cert.pub`);
        writeFileSync(elsewhere, text);
        expect(await isLetIn({ agent: socket, certificate: elsewhere }), said.join('\n')).toBe(true);
      } finally {
        agent.kill();
      }
    },
  );
});
