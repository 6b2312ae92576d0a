// A machine's host certificate, shown to stock ssh in the key exchange and to `chaperone` right after it.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveSsh } from '../../daemon/ssh/server.ts';
import { type Certificate, parseCertificateLine } from '../../protocol/identity/certificate.ts';
import { openLink } from '../../tui/connection/link.ts';
import { certify, type KeyFiles, makeKey } from '../harness/certificate-authority.ts';
import { describeWith } from '../requires.ts';

const ID = '482913077';

describeWith(['ssh', 'ssh-keygen'], 'a machine that was enrolled', () => {
  const directory = mkdtempSync(join(tmpdir(), 'chaperone-host-'));
  let ca: KeyFiles;
  let host: KeyFiles;
  let certificate: Certificate;

  beforeAll(() => {
    ca = makeKey(directory, 'ca');
    host = makeKey(directory, 'host');
    const file = certify(ca, host, { host: true, principals: ID, keyId: 'front-desk-2' });
    certificate = parseCertificateLine(readFileSync(file, 'utf8'));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  async function serve(shown: Certificate | null) {
    const server = await serveSsh({
      hostKey: readFileSync(host.file, 'utf8'),
      hostCertificate: shown,
      listen: [{ host: '127.0.0.1', port: 0 }],
      onConnection: (connection) => {
        connection.onAuthentication((context) => context.accept());
        connection.client.once('ready', () => connection.client.rekey(() => connection.close()));
      },
      onRefused: () => undefined,
    });
    const port = Number(server.addresses[0]?.split(':')[1]);
    return { port, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
  }

  /** What stock ssh says, which trusts the authority and no key. */
  function ssh(port: number, name: string): Promise<string> {
    const known = join(directory, 'known_hosts');
    writeFileSync(known, `@cert-authority * ${ca.publicLine}\n`);
    const settings = [
      `UserKnownHostsFile=${known}`,
      'GlobalKnownHostsFile=none',
      'StrictHostKeyChecking=yes',
      `HostKeyAlias=${name}`,
    ];
    const options = [...settings, 'BatchMode=yes', 'IdentityAgent=none', 'IdentityFile=none'].flatMap((option) => [
      '-o',
      option,
    ]);
    const child = spawn('ssh', ['-v', '-F', 'none', ...options, '-N', '-p', String(port), 'machine@127.0.0.1'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    return new Promise((resolve) => child.on('close', () => resolve(said)));
  }

  /** What `chaperone` is shown, before it says who it is. */
  async function chaperone(port: number): Promise<{ key: Buffer; certificate: Certificate | null }> {
    const seen = Promise.withResolvers<{ key: Buffer; certificate: Certificate | null }>();
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('error', () => undefined);
    const link = openLink({
      socket,
      address: `127.0.0.1:${port}`,
      user: ID,
      keys: (async function* () {})(),
      verifyHostKey: async (key, shown) => {
        seen.resolve({ key, certificate: shown });
        throw new Error('seen');
      },
      conversation: () => Promise.reject(new Error('no conversation')),
      onAuthenticating: async () => undefined,
      signal: new AbortController().signal,
    });
    await expect(link).rejects.toThrow('seen');
    return await seen.promise;
  }

  it('is known to stock ssh by its connection ID, also after the keys were changed, and by no other', async () => {
    await using machine = await serve(certificate);
    const right = await ssh(machine.port, ID);
    expect(right).toContain(`Host '${ID}' is known and matches the ED25519-CERT host certificate`);
    expect(right.match(/Server host certificate:/g)).toHaveLength(2);
    expect(right).toMatch(/rekeying in,[\s\S]*Disconnected/);
    expect(await ssh(machine.port, '735004124')).toContain('name is not a listed principal');
  });

  it('shows chaperone the certificate for the very key of the connection', async () => {
    await using machine = await serve(certificate);
    const { key, certificate: shown } = await chaperone(machine.port);
    expect(shown?.blob).toEqual(certificate.blob);
    expect(key).toEqual(certificate.key.blob);
  });

  it('shows none when it has none', async () => {
    await using machine = await serve(null);
    expect((await chaperone(machine.port)).certificate).toBeNull();
    expect(await ssh(machine.port, ID)).toContain('Host key verification failed');
  });
});
