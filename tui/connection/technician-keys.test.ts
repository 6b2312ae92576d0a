import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FOREVER, formatCertificateLine, issueCertificate } from '../../protocol/identity/certificate.ts';
import { signerFromKeyFile } from '../../protocol/identity/private-key.ts';
import { fingerprintOf, parsePublicLine } from '../../protocol/identity/public-key.ts';
import { newSshKey } from '../../protocol/ssh-keygen.ts';
import type { AskPassphrase } from './key-file.ts';
import { makeOwnKeyFile } from './own-key.ts';
import { type TechnicianKey, technicianKeys } from './technician-keys.ts';
import { TestMachine } from './test-machine.ts';
import { TestTechnician } from './test-technician.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'chaperone-keys-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const file = join(home, name);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}

function parsed(text: string) {
  const key = ssh2.utils.parseKey(text);
  if (key instanceof Error) throw key;
  return key;
}

const fingerprint = (text: string) => fingerprintOf(parsed(text).getPublicSSH());

async function offered(more: { identity?: string; askPassphrase?: AskPassphrase; socket?: string } = {}) {
  const keys: TechnicianKey[] = [];
  const environment = { CHAPERONE_HOME: home, HOME: home, SSH_AUTH_SOCK: more.socket };
  const { identity = null, askPassphrase = null } = more;
  for await (const key of technicianKeys({ identity, askPassphrase, environment })) keys.push(key);
  return keys;
}

/** An ssh-agent that holds these keys. */
async function agent(...keys: string[]): Promise<{ socket: string; signed: () => number; server: Server }> {
  const socket = join(home, 'agent.sock');
  let signed = 0;
  const server = createServer((stream) => {
    const protocol = new ssh2.AgentProtocol(false);
    protocol.on('identities', (request) => protocol.getIdentitiesReply(request, keys.map(parsed)));
    protocol.on('sign', (request, key, data) => {
      signed += 1;
      const own = keys.map(parsed).find((candidate) => candidate.getPublicSSH().equals(key.getPublicSSH()));
      const signature = own?.sign(data);
      if (signature instanceof Error || signature === undefined) protocol.failureReply(request);
      else protocol.signReply(request, signature);
    });
    stream.pipe(protocol).pipe(stream);
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return { socket, signed: () => signed, server };
}

describe('which key proves the technician', () => {
  it('none, when there is none', async () => {
    expect(await offered()).toEqual([]);
  });

  it('the named file and no other', async () => {
    makeOwnKeyFile({ CHAPERONE_HOME: home });
    const { privateKey, publicLine } = newSshKey('work key');
    const file = write('keys/work', privateKey);
    expect(await offered({ identity: file })).toMatchObject([
      { name: 'work key', fingerprint: fingerprint(privateKey), publicLine, file },
    ]);
  });

  it('those of ssh-agent first, then its own, then ~/.ssh, each once', async () => {
    const inAgent = newSshKey('in agent');
    const own = makeOwnKeyFile({ CHAPERONE_HOME: home });
    const old = newSshKey('old');
    write('.ssh/id_ed25519', inAgent.privateKey);
    const { socket, server } = await agent(inAgent.privateKey, old.privateKey);
    const keys = await offered({ socket });
    server.close();
    expect(keys.map(({ file }) => file)).toEqual([null, null, own]);
    expect(keys.map(({ name }) => name).slice(0, 2)).toEqual(['in agent', 'old']);
  });

  it('those of ~/.ssh by the names that ssh-keygen gives, and a locked one asks for its passphrase when it is its turn', async () => {
    const make = (type: 'ecdsa' | 'rsa', bits: number) =>
      ssh2.utils.generateKeyPairSync(type, { bits, passphrase: type, cipher: 'aes256-ctr', rounds: 1 }).private;
    const [ecdsa, rsa] = [write('.ssh/id_ecdsa', make('ecdsa', 256)), write('.ssh/id_rsa', make('rsa', 3072))];
    const asked: string[] = [];
    const askPassphrase: AskPassphrase = async ({ file }) => {
      asked.push(file);
      return file === rsa ? 'rsa' : 'ecdsa';
    };
    expect((await offered({ askPassphrase })).map(({ file }) => file)).toEqual([ecdsa, rsa]);
    expect(asked).toEqual([ecdsa, rsa]);
    rmSync(ecdsa);
    await expect(offered()).rejects.toMatchObject({ hint: expect.stringContaining(`ssh-add ${rsa}`) });
  });

  it('goes on without an agent that is gone', async () => {
    makeOwnKeyFile({ CHAPERONE_HOME: home });
    expect(await offered({ socket: join(home, 'nobody.sock') })).toHaveLength(1);
  });

  it('asks for a passphrase, three times at most', async () => {
    const locked = ssh2.utils.generateKeyPairSync('ecdsa', {
      bits: 256,
      passphrase: 'correct horse',
      cipher: 'aes256-ctr',
      rounds: 1,
    }).private;
    const file = write('locked', locked);
    const answers = ['wrong', 'correct horse'];
    const questions: boolean[] = [];
    const askPassphrase: AskPassphrase = async ({ again }) => {
      questions.push(again);
      return answers.shift() ?? 'still wrong';
    };
    expect(await offered({ identity: file, askPassphrase })).toHaveLength(1);
    expect(questions).toEqual([false, true]);
    await expect(offered({ identity: file, askPassphrase })).rejects.toMatchObject({ exitCode: 2 });
    expect(questions).toHaveLength(5);
    await expect(offered({ identity: file })).rejects.toThrow('locked with a passphrase');
  });

  it.each([
    ['is missing', (file: string) => rmSync(file)],
    ['can be read by others', (file: string) => chmodSync(file, 0o644)],
    ['holds no key', (file: string) => writeFileSync(file, 'hello')],
    ['holds the public half', (file: string) => writeFileSync(file, newSshKey('x').publicLine)],
    ['is too large', (file: string) => writeFileSync(file, Buffer.alloc(100_000))],
  ])('says what is wrong when the named file %s', async (_what, spoil) => {
    const file = write('key', newSshKey('x').privateKey);
    spoil(file);
    await expect(offered({ identity: file })).rejects.toMatchObject({ exitCode: 2, hint: expect.any(String) });
  });

  it('makes its own once', () => {
    const file = makeOwnKeyFile({ CHAPERONE_HOME: home });
    const other = makeOwnKeyFile({ CHAPERONE_HOME: home });
    expect(other).toBe(file);
  });
});

describe('a certificate', () => {
  const environment = () => ({ CHAPERONE_HOME: home, HOME: home, SSH_AUTH_SOCK: undefined });
  const list = async (certificate: string | null, identity: string | null = null) => {
    const keys: TechnicianKey[] = [];
    const choice = { identity, certificate, askPassphrase: null, environment: environment() };
    for await (const key of technicianKeys(choice)) keys.push(key);
    return keys.map((key) => [key.fingerprint, key.certificate?.keyId ?? null]);
  };
  const ca = signerFromKeyFile(newSshKey('ca').privateKey);
  const certificateLine = async (publicLine: string, kind: 'user' | 'host' = 'user') => {
    const none = new Map<string, Buffer>();
    const validity = { validAfter: 0n, validBefore: FOREVER };
    const fields = {
      key: parsePublicLine(publicLine),
      serial: 7n,
      kind,
      keyId: 'Dana Reyes',
      principals: ['technician'],
    };
    return formatCertificateLine(
      await issueCertificate({ ...fields, ...validity, criticalOptions: none, extensions: none }, ca),
    );
  };

  it('is offered before the key that it belongs to, under the same fingerprint', async () => {
    const file = makeOwnKeyFile(environment());
    const line = readFileSync(`${file}.pub`, 'utf8');
    writeFileSync(`${file}-cert.pub`, `${await certificateLine(line)}\n`);
    const print = fingerprint(line);
    expect(await list(null)).toEqual([
      [print, 'Dana Reyes'],
      [print, null],
    ]);
  });

  it('that is named and belongs to no key here is a mistake, and so is one for a machine', async () => {
    const file = makeOwnKeyFile(environment());
    const stranger = write('stranger-cert.pub', await certificateLine(newSshKey('stranger').publicLine));
    await expect(list(stranger)).rejects.toMatchObject({ exitCode: 2, hint: expect.stringContaining('--identity') });
    await expect(list(stranger, file)).rejects.toThrow('another one');
    const host = write('host-cert.pub', await certificateLine(readFileSync(`${file}.pub`, 'utf8'), 'host'));
    await expect(list(host)).rejects.toThrow('of a machine');
    await expect(list(write('nonsense', 'x'))).rejects.toThrow('no certificate');
    await expect(list(join(home, 'missing'))).rejects.toThrow('cannot be read');
  });
});

describe('an own key that is locked', () => {
  it('is opened by its passphrase alone, and shown without it', async () => {
    const environment = { CHAPERONE_HOME: home, HOME: home, SSH_AUTH_SOCK: undefined };
    const file = makeOwnKeyFile(environment, 'correct horse');
    await expect(offered()).rejects.toMatchObject({ hint: expect.stringContaining(`ssh-add ${file}`) });
    expect(await offered({ askPassphrase: async () => 'correct horse' })).toHaveLength(1);
    const shown: TechnicianKey[] = [];
    for await (const key of technicianKeys({ identity: null, askPassphrase: null, look: true, environment }))
      shown.push(key);
    expect(shown).toMatchObject([{ place: 'file', file }]);
  });
});

describe('a key inside ssh-agent', () => {
  it('leads to a session, also when another key of the agent is the listed one', async () => {
    const [stranger, listed] = [newSshKey('stranger'), newSshKey('listed')];
    const { socket, signed, server } = await agent(stranger.privateKey, listed.privateKey);
    using technician = new TestTechnician();
    Object.assign(technician.environment, { SSH_AUTH_SOCK: socket });
    await using machine = await TestMachine.start({ technicians: [fingerprint(listed.privateKey)] });
    const session = await technician.connect(machine.address);
    expect(machine.technicianKey).toBe(fingerprint(listed.privateKey));
    expect(signed()).toBe(1);
    await session.end();
    server.close();
  });
});
