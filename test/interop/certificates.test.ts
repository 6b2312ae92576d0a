// The organisation's certificates as badges: made by stock ssh-keygen, shown by stock ssh, judged by the real daemon.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseCertificateLine } from '../../protocol/identity/certificate.ts';
import { type CertificateWishes, certify, type KeyFiles, makeKey } from '../harness/certificate-authority.ts';
import { showCertificate } from '../harness/certificate-client.ts';
import type { Person } from '../harness/person.ts';
import { plainSsh } from '../harness/plain-ssh.ts';
import { RealMachine } from '../harness/real-machine.ts';
import type { RecordedEvent } from '../harness/record.ts';
import type { ProgramResult } from '../harness/run-program.ts';
import { runProgram } from '../harness/run-program.ts';
import { describeWith } from '../requires.ts';

const REFUSED = 255; // what OpenSSH says when it was not let in
const BADGE = [
  'extension:phone@chaperone=+1 555 0177',
  'extension:org@chaperone=Clinic IT',
  'extension:title@chaperone=Field Engineer',
];

let directory: string;
let ca: KeyFiles;
let strangeCa: KeyFiles;
let key: KeyFiles;
let machine: RealMachine;
let person: Person;
let made = 0;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'chaperone-badges-'));
  ca = makeKey(directory, 'ca');
  strangeCa = makeKey(directory, 'strange-ca');
  key = makeKey(directory, 'id');
  machine = await RealMachine.start({
    allowPlainCode: true,
    organisation: { name: 'The Clinic', ca: [ca.publicLine] },
    scopes: { technician: ['diagnostics'], lead: ['shell'] },
    technicians: [{ name: 'Dana Roe', role: 'lead' }],
  });
  person = await machine.person();
});
afterAll(async () => {
  await machine[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true, force: true });
});

const badge = (wishes: CertificateWishes = {}, signer = ca, of = key): string => {
  made += 1;
  return certify(signer, of, { options: BADGE, ...wishes, as: `badge-${made}` });
};

async function knock(
  settings: readonly string[],
  more: { readonly code?: string; readonly input?: string; readonly environment?: Record<string, string> } = {},
): Promise<ProgramResult> {
  return plainSsh({ directory, host: machine.host, port: machine.port, user: machine.id, settings, ...more });
}

const withCertificate = (file: string): string[] => [`IdentityFile=${key.file}`, `CertificateFile=${file}`];

/** Comes in with the right code, is allowed by the person, and types one line. */
async function served(settings: readonly string[], environment: Record<string, string> = {}) {
  const from = (await machine.record()).length;
  const visit = knock(settings, { code: await machine.code(), input: 'echo it is $((6*7))\nexit\n', environment });
  const asked = await person.asked();
  await asked.allow();
  const { code, stdout } = await visit;
  expect(code).toBe(0);
  expect(stdout).toContain('it is 42');
  const authenticated = await machine.untilRecorded(({ type }) => type === 'technician.authenticated', from);
  return { question: asked.question, technician: authenticated.fields.technician };
}

describeWith(['ssh', 'ssh-keygen'], 'a certificate by stock ssh-keygen', () => {
  it('is served to stock ssh with CertificateFile, and the person sees what the organisation signed', async () => {
    const file = badge({ keyId: 'Dana Reyes', serial: 4711, principals: 'technician,lead,visitor' });
    const { question, technician } = await served(withCertificate(file));
    expect(technician).toEqual(question.technician);
    expect(question.technician).toMatchObject({
      name: 'Dana Reyes',
      phone: '+1 555 0177',
      organisation: 'Clinic IT',
      verifiedBy: 'certificate',
      certificate: { serial: '4711', roles: ['technician', 'lead'], title: 'Field Engineer' },
    });
    expect(question.offered.map(({ scope }) => scope)).toEqual(['diagnostics', 'shell']); // the union of both roles
  });

  it("names the machine's organisation where it names none, and says when it has no number", async () => {
    const { question } = await served(withCertificate(badge({ options: [], principals: 'lead' })));
    expect(question.technician).toMatchObject({ organisation: 'The Clinic', phone: null });
  });

  it.each(['rsa-2048', 'ecdsa-256', 'ecdsa-384'] as const)('is served for a key of type %s', async (type) => {
    const other = makeKey(directory, `id-${type}`, type);
    const file = badge({ principals: 'lead' }, ca, other);
    const { question } = await served([`IdentityFile=${other.file}`, `CertificateFile=${file}`]);
    expect(question.technician.verifiedBy).toBe('certificate');
  });

  it('is served where it lives in ssh-agent', async () => {
    const other = makeKey(directory, 'id-agent');
    certify(ca, other, { keyId: 'Agent Smith', principals: 'lead', options: BADGE });
    const socket = join(directory, 'agent');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      await once(agent.stdout, 'data'); // it says where it listens
      const environment = { SSH_AUTH_SOCK: socket };
      await runProgram(['ssh-add', '-q', other.file], { environment: { ...process.env, ...environment } });
      rmSync(other.file);
      rmSync(`${other.file}-cert.pub`);
      const { question } = await served(['IdentitiesOnly=no', 'IdentityFile=none'], environment);
      expect(question.technician.name).toBe('Agent Smith');
    } finally {
      agent.kill();
      await once(agent, 'close');
    }
  });
});

describeWith(['ssh', 'ssh-keygen'], 'a certificate that ends before a session would', () => {
  it('sets the limit, said to the person and to the technician before anything starts', async () => {
    const file = badge({ validity: '-1m:+10m' });
    const until = new Date(Number(parseCertificateLine(readFileSync(file, 'utf8')).validBefore) * 1000).toISOString();
    const from = (await machine.record()).length;
    const visit = knock(withCertificate(file), { code: await machine.code(), input: 'exit\n' });
    const asked = await person.asked();
    expect(asked.question.limitMs).toBeLessThanOrEqual(10 * 60_000);
    expect(asked.question.notices).toContainEqual(
      expect.stringMatching(/The technician's certificate ends at \d\d:\d\d, and the session with it at the latest\./),
    );
    await asked.allow();
    expect((await visit).stderr).toContain(`Your certificate ends at ${until.replace('.000', '')}, and the session`);
    const granted = await machine.untilRecorded(({ type }) => type === 'consent.granted', from);
    expect(granted.fields.expiresAt).toBe(until);
  });
});

/** Who knocks is refused, nobody is asked, and the log says why. */
async function refusal(
  settings: readonly string[],
): Promise<{ readonly words: string; readonly event: RecordedEvent }> {
  const from = (await machine.record()).length;
  const { code, stderr } = await knock(settings, { code: await machine.code() });
  expect(code).toBe(REFUSED);
  expect(person.unseen).toBe(0);
  const event = await machine.untilRecorded(({ type }) => type === 'technician.refused', from);
  expect((await machine.record(from)).map(({ type }) => type)).not.toContain('technician.authenticated');
  return { words: stderr, event };
}

describeWith(['ssh', 'ssh-keygen'], 'a certificate is refused with its own reason and a sentence that helps', () => {
  it.each<[reason: string, () => string, RegExp]>([
    [
      'expired',
      () => badge({ validity: '-2h:-1h' }),
      /Your certificate has expired: valid until .*, and the clock here shows/,
    ],
    [
      'not-yet-valid',
      () => badge({ validity: '+1h:+2h' }),
      /not valid yet: valid from .* the machine's clock must be set/,
    ],
    ['wrong-principal', () => badge({ principals: 'visitor' }), /no role that this machine knows: it is for "visitor"/],
    ['wrong-principal', () => badge({ principals: '' }), /no role that this machine knows/],
    [
      'wrong-ca',
      () => badge({}, strangeCa),
      /not from an organisation that this machine knows: it is signed by SHA256:/,
    ],
    [
      'unknown-critical-option',
      () => badge({ options: ['critical:sign-in-blood@example=yes'] }),
      /"sign-in-blood@example" cannot be kept/,
    ],
    [
      'unknown-critical-option',
      () => badge({ options: ['force-command=/bin/true'] }),
      /"force-command" cannot be kept/,
    ],
    [
      'wrong-address',
      () => badge({ options: ['source-address=192.0.2.0/24'] }),
      /from where you are: it is for 192.0.2.0\/24/,
    ],
  ])('%s', async (reason, make, words) => {
    const { words: said, event } = await refusal(withCertificate(make()));
    expect(event.fields).toMatchObject({ reason, name: 'Dana Reyes' });
    expect(said).toMatch(words);
  });

  const shown = (blob: Buffer) =>
    showCertificate({
      host: machine.host,
      port: machine.port,
      user: machine.id,
      privateKey: readFileSync(key.file, 'utf8'),
      blob,
    });
  const read = (file: string) => parseCertificateLine(readFileSync(file, 'utf8'));

  it('wrong-kind, for what stock ssh would not even show', async () => {
    const from = (await machine.record()).length;
    expect(await shown(read(badge({ host: true, options: [] })).blob)).toContain(
      'Your certificate is one for machines',
    );
    const event = await machine.untilRecorded(({ type }) => type === 'technician.refused', from);
    expect(event.fields).toMatchObject({ reason: 'wrong-kind' });
  });

  it('bad-signature, wrong-ca or malformed, when it was tampered with', async () => {
    const good = read(badge());
    const places: readonly (readonly [reason: string, at: number])[] = [
      ['bad-signature', good.blob.indexOf('Dana Reyes')],
      ['bad-signature', good.blob.indexOf('technician')],
      ['bad-signature', good.blob.indexOf('+1 555 0177')],
      ['bad-signature', good.blob.length - 1],
      ['wrong-ca', good.blob.indexOf(good.caBlob) + good.caBlob.length - 1],
      ['malformed', good.blob.indexOf('Dana Reyes') - 4],
    ];
    for (const [reason, at] of places) {
      const from = (await machine.record()).length;
      const blob = Buffer.from(good.blob);
      blob[at] = (blob[at] ?? 0) ^ 1;
      expect(await shown(blob)).toMatch(/^Your certificate .*\.$/m);
      const event = await machine.untilRecorded(({ type }) => type === 'technician.refused', from);
      expect([at, event.fields.reason]).toEqual([at, reason]);
    }
    expect(person.unseen).toBe(0);
  });

  it('and tells a stranger nothing, who shows a good certificate without its key', async () => {
    const from = (await machine.record()).length;
    const thief = makeKey(directory, 'thief');
    const blob = read(badge({ validity: '-2h:-1h' })).blob;
    const { host, port, id: user } = machine;
    const words = await showCertificate({ host, port, user, privateKey: readFileSync(thief.file, 'utf8'), blob });
    expect(words).toBe('');
    await machine.untilRecorded(({ type }) => type === 'connection.refused', from);
    expect((await machine.record(from)).map(({ type }) => type)).not.toContain('technician.refused');
  });
});

describeWith(['ssh', 'ssh-keygen'], 'a technician with several keys', () => {
  it('is served by the key that the policy lists when the certificate has expired, and the log has both', async () => {
    const from = (await machine.record()).length;
    const expired = badge({ validity: '-2h:-1h' });
    const listed = machine.key().file;
    const { question } = await served([...withCertificate(expired), `IdentityFile=${listed}`]);
    expect(question.technician).toMatchObject({ name: 'Dana Roe', verifiedBy: 'listed' });
    const types = (await machine.record(from)).map(({ type }) => type);
    expect(types).toContain('technician.refused');
    expect(types).toContain('technician.authenticated');
  });
});
