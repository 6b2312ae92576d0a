import { spawn } from 'node:child_process';
import { appendFileSync, chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatEnrolmentRequest } from '../../protocol/enrolment.ts';
import { parsePublicLine } from '../../protocol/identity/public-key.ts';
import { openRevocations } from '../../protocol/identity/signed-revocations.ts';
import { newSshKey } from '../../protocol/ssh-keygen.ts';
import { makeKey, sshKeygen, sshKeygenAgrees } from '../../test/harness/certificate-authority.ts';
import { describeWith } from '../../test/requires.ts';

const MAIN = join(import.meta.dirname, '..', 'main.ts');
const CONNECTION_ID = '482913077';
const PASSPHRASE = 'correct horse battery';

let home: string;
let secret: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'chaperone-hub-'));
  chmodSync(home, 0o700);
  secret = write('passphrase', `${PASSPHRASE}\n`);
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const file = join(home, name);
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}

function hub(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const environment = {
    ...process.env,
    CHAPERONE_HOME: join(home, 'state'),
    NODE_OPTIONS: '--disable-warning=ExperimentalWarning',
  };
  const child = spawn(process.execPath, [MAIN, 'ca', ...args], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}

const init = () => hub('init', '--name', 'The Clinic', '--passphrase-file', secret);
const sign = (...args: string[]) => hub('sign', ...args, '--passphrase-file', secret);
const inAuthority = (name: string) => join(home, 'state', 'hub', 'ca', name);
const technician = () => write('dana.pub', `${newSshKey('dana@clinic').publicLine}\n`);

describeWith(['ssh-keygen'], 'the authority of an organisation', () => {
  it('has a key that stock ssh-keygen opens, with the passphrase alone', async () => {
    const made = await init();
    expect(made, made.err).toMatchObject({ code: 0 });
    expect(made.out).toContain('@cert-authority * ssh-ed25519 AAAA');
    expect(statSync(inAuthority('ca')).mode & 0o777).toBe(0o600);
    expect(sshKeygen(['-y', '-P', PASSPHRASE, '-f', inAuthority('ca')]).trim()).toBe(
      readFileSync(inAuthority('ca.pub'), 'utf8').trim(),
    );
    expect(sshKeygenAgrees(['-y', '-P', '', '-f', inAuthority('ca')])).toBe(false);
    expect(await init()).toMatchObject({ code: 2, err: expect.stringContaining('already') });
  });

  it('certifies a technician, as stock ssh-keygen reads it, and counts', async () => {
    await init();
    const file = technician();
    const given = ['--name', 'Dana Reyes', '--phone', '+1 555 0100', '--org', 'The Clinic', '--title', 'IT support'];
    const signed = await sign(file, ...given, '--role', 'technician,lead', '--valid', '12h');
    expect(signed, signed.err).toMatchObject({ code: 0 });
    const listed = sshKeygen(['-L', '-f', join(home, 'dana-cert.pub')]);
    expect(listed).toContain('Type: ssh-ed25519-cert-v01@openssh.com user certificate');
    expect(listed).toContain('Key ID: "Dana Reyes"');
    expect(listed).toContain('Serial: 1');
    expect(listed).toMatch(/Principals: \n\s+technician\n\s+lead/);
    for (const extension of ['phone@chaperone', 'org@chaperone', 'title@chaperone'])
      expect(listed).toContain(extension);
    expect(JSON.parse((await sign(file, '--name', 'Dana Reyes', '--json')).out)).toMatchObject({
      serial: '2',
      principals: ['technician'],
    });
    const { certificates } = JSON.parse((await hub('list', '--json')).out);
    expect(certificates).toMatchObject([
      { serial: '1', state: 'valid', keyId: 'Dana Reyes', principals: ['technician', 'lead'] },
      { serial: '2', state: 'valid' },
    ]);
    expect((await hub('list')).out).toMatch(/^SERIAL {2}STATE.*\n1 +valid +Dana Reyes +technician, lead /);
  });

  it('leaves the certificate of another authority where it lies, unless told to replace it', async () => {
    await init();
    const file = technician();
    const other = join(home, 'other');
    expect(await hub('init', '--dir', other, '--no-passphrase')).toMatchObject({ code: 0 });
    expect(await hub('sign', file, '--name', 'Dana Reyes', '--dir', other)).toMatchObject({ code: 0 });
    const lies = readFileSync(join(home, 'dana-cert.pub'), 'utf8');
    const refused = await sign(file, '--name', 'Dana Reyes');
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('of another authority, SHA256:') });
    expect(refused.err).toContain('--out');
    expect(readFileSync(join(home, 'dana-cert.pub'), 'utf8')).toBe(lies);
    expect((await hub('list', '--json')).out).toContain('"certificates": []');
    expect(await sign(file, '--name', 'Dana Reyes', '--force')).toMatchObject({ code: 0 });
    expect(readFileSync(join(home, 'dana-cert.pub'), 'utf8')).not.toBe(lies);
  });

  it('certifies no second key for a machine before the first one was taken back', async () => {
    await init();
    const request = (name: string) => {
      const key = parsePublicLine(newSshKey('machine').publicLine);
      return write(name, formatEnrolmentRequest({ key, connectionId: CONNECTION_ID, name: 'front-desk-2' }, name));
    };
    expect(await sign('--machine', request('one.pub'))).toMatchObject({ code: 0 });
    const second = request('two.pub');
    const refused = await sign('--machine', second);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain('chaperone-hub ca revoke 1');
    expect(await hub('revoke', '1', '--passphrase-file', secret)).toMatchObject({ code: 0 });
    expect(await sign('--machine', second)).toMatchObject({ code: 0 });
  });

  it('takes certificates back although its last line was torn by a crash', async () => {
    await init();
    await sign(technician(), '--name', 'Dana Reyes');
    appendFileSync(inAuthority('ledger.jsonl'), '{"v":1,"event":"iss');
    const revoked = await hub('revoke', '1', '--passphrase-file', secret);
    expect(revoked, revoked.err).toMatchObject({ code: 0 });
    const { certificates } = JSON.parse((await hub('list', '--json')).out);
    expect(certificates).toMatchObject([{ serial: '1', state: 'revoked' }]);
  });

  it('certifies a machine from its request, which stock ssh-keygen signs just as well', async () => {
    await init();
    const key = parsePublicLine(newSshKey('machine').publicLine);
    const request = write(
      'request.pub',
      formatEnrolmentRequest({ key, connectionId: CONNECTION_ID, name: 'front-desk-2' }, 'request.pub'),
    );
    const signed = await sign('--machine', request);
    expect(signed, signed.err).toMatchObject({ code: 0, out: expect.stringContaining('482 913 077') });
    const certificate = join(home, 'request-cert.pub');
    const ours = sshKeygen(['-L', '-f', certificate]);
    expect(ours).toContain('host certificate');
    expect(ours).toMatch(/Principals: \n\s+482913077\n/);
    const stock = [
      '-q',
      '-s',
      inAuthority('ca'),
      '-P',
      PASSPHRASE,
      '-h',
      '-I',
      'front-desk-2',
      '-n',
      CONNECTION_ID,
      request,
    ];
    sshKeygen(stock);
    expect(sshKeygen(['-L', '-f', certificate])).toContain(`Public key: ED25519-CERT ${key.fingerprint}`);
  });

  it('gives no serial twice when several sign at once, and loses nothing', async () => {
    await init();
    const file = technician();
    const names = Array.from({ length: 5 }, (_, index) => `Person ${index}`);
    const signed = await Promise.all(
      names.map((name) => sign(file, '--name', name, '--out', join(home, `${name}.pub`), '--json')),
    );
    expect(signed.map(({ out }) => JSON.parse(out).serial).sort()).toEqual(['1', '2', '3', '4', '5']);
    expect(readFileSync(inAuthority('ledger.jsonl'), 'utf8').trim().split('\n')).toHaveLength(5);
  });

  it('takes certificates and keys back, in lists that stock ssh-keygen verifies', async () => {
    await init();
    const file = technician();
    for (const name of ['Dana Reyes', 'Kim Lang'])
      await sign(file, '--name', name, '--out', join(home, `${name}-cert.pub`));
    const take = (...args: string[]) => hub('revoke', ...args, '--passphrase-file', secret);
    expect(await take('9')).toMatchObject({ code: 2, err: expect.stringContaining('no certificate 9') });
    const strange = makeKey(home, 'strange-ca');
    const { publicFile, file: ofOthers } = makeKey(home, 'id');
    sshKeygen(['-q', '-s', strange.file, '-I', 'x', '-n', 'technician', '-z', '1', publicFile]);
    expect(await take(`${ofOthers}-cert.pub`)).toMatchObject({
      code: 2,
      err: expect.stringContaining('not given out by this authority'),
    });
    const taken = await take('1', '--reason', 'left the clinic', '--krl');
    expect(taken, taken.err).toMatchObject({ code: 0 });
    const { fingerprint } = parsePublicLine(readFileSync(file, 'utf8'));
    expect(taken.out).toContain(`a machine that also lists ${fingerprint} under technicians still lets it in`);
    expect(taken.out).toContain(`chaperone-hub ca revoke ${fingerprint}\n`);
    const list = inAuthority('revocations');
    expect(readFileSync(list, 'utf8')).toMatch(/^chaperone\/revocations\/v1\nsequence \d+\nissued \S+\nserial 1\n$/);
    const signers = write('signers', `clinic ${readFileSync(inAuthority('ca.pub'), 'utf8')}`);
    for (const signed of [list, `${list}.krl`]) {
      const verify = [
        '-Y',
        'verify',
        '-f',
        signers,
        '-I',
        'clinic',
        '-n',
        'revocation@chaperone',
        '-s',
        `${signed}.sig`,
      ];
      expect(sshKeygenAgrees(verify, readFileSync(signed))).toBe(true);
    }
    expect(sshKeygenAgrees(['-Q', '-f', `${list}.krl`, join(home, 'Dana Reyes-cert.pub')])).toBe(false);
    expect(sshKeygenAgrees(['-Q', '-f', `${list}.krl`, join(home, 'Kim Lang-cert.pub')])).toBe(true);

    expect((await take(file, '--krl')).out).not.toContain('under technicians');
    expect((await take('2', '--krl')).out).not.toContain('under technicians');
    expect(sshKeygenAgrees(['-Q', '-f', `${list}.krl`, join(home, 'Kim Lang-cert.pub')])).toBe(false);
    const ca = parsePublicLine(readFileSync(inAuthority('ca.pub'), 'utf8'));
    const opened = openRevocations(readFileSync(`${list}.krl`), readFileSync(`${list}.krl.sig`, 'utf8'), [ca]);
    expect(opened.list.fingerprints.size).toBe(1);
    const { certificates, revokedKeys } = JSON.parse((await hub('list', '--json')).out);
    expect(certificates).toMatchObject([{ state: 'revoked' }, { state: 'revoked' }]);
    expect(revokedKeys).toHaveLength(1);
  });

  it('refuses what it cannot stand for, and signs nothing', async () => {
    await init();
    const file = technician();
    const request = write(
      'request.pub',
      formatEnrolmentRequest(
        { key: parsePublicLine(newSshKey('m').publicLine), connectionId: CONNECTION_ID, name: 'm' },
        'r',
      ),
    );
    for (const args of [
      [file],
      [file, '--name', 'two\nlines'],
      [file, '--name', 'Dana', '--role', 'not a role'],
      [file, '--name', 'Dana', '--valid', 'forever'],
      [inAuthority('ca.pub'), '--name', 'Dana'],
      [inAuthority('ca'), '--name', 'Dana'],
      [request, '--name', 'Dana'],
      ['--machine', file],
      [join(home, 'missing.pub'), '--name', 'Dana'],
    ]) {
      expect(await sign(...args), args.join(' ')).toMatchObject({ code: 2, out: '' });
    }
    const wrong = write('wrong', 'something else\n');
    expect(await hub('sign', file, '--name', 'Dana', '--passphrase-file', wrong)).toMatchObject({ code: 3 });
    expect(JSON.parse((await hub('list', '--json')).out).certificates).toEqual([]);
  });

  it('does not go on with a ledger that was tampered with', async () => {
    await init();
    await sign(technician(), '--name', 'Dana Reyes');
    appendFileSync(inAuthority('ledger.jsonl'), '{"v":1,"event":"issued"\n');
    expect(await sign(technician(), '--name', 'Dana Reyes')).toMatchObject({
      code: 5,
      err: expect.stringContaining('line 2'),
    });
  });
});

describe('without an authority', () => {
  it('says how to make one', async () => {
    expect(await hub('list')).toMatchObject({ code: 2, err: expect.stringContaining('chaperone-hub ca init') });
  });
});
