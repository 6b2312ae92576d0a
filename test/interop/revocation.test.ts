// What the organisation takes back is gone at once: from the door, from the queue, and from the middle of a session.

import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { certify, type KeyFiles, makeKey, sshKeygen } from '../harness/certificate-authority.ts';
import type { Person } from '../harness/person.ts';
import { plainSsh } from '../harness/plain-ssh.ts';
import { RealMachine } from '../harness/real-machine.ts';
import type { RecordedEvent } from '../harness/record.ts';
import { describeWith } from '../requires.ts';

const HEAD = 'chaperone/revocations/v1';

let directory: string;
let ca: KeyFiles;
let list: string;
let sequence = 0;
let made = 0;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'chaperone-revocation-'));
  ca = makeKey(directory, 'ca');
  list = join(directory, 'revocations');
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Puts a list and its signature in place, as an administrator's script would. */
function publish(bytes: string | Uint8Array, signer: KeyFiles | null = ca, place = list): void {
  const draft = join(directory, 'draft');
  writeFileSync(draft, bytes, { mode: 0o644 });
  if (signer !== null) {
    rmSync(`${draft}.sig`, { force: true });
    sshKeygen(['-q', '-Y', 'sign', '-f', signer.file, '-n', 'revocation@chaperone', draft]);
    renameSync(`${draft}.sig`, `${place}.sig`);
  }
  renameSync(draft, place);
}

function publishLines(...lines: readonly string[]): void {
  sequence += 1;
  publish([HEAD, `sequence ${sequence}`, ...lines, ''].join('\n'));
}

function krl(spec: string, version: number): Buffer {
  const [file, from] = [join(directory, 'krl'), join(directory, 'spec')];
  writeFileSync(from, spec);
  sshKeygen(['-q', '-k', '-f', file, '-s', ca.publicFile, '-z', String(version), from]);
  return readFileSync(file);
}

interface Badge {
  readonly settings: readonly string[];
  readonly serial: number;
}

function badge(): Badge {
  made += 1;
  const key = makeKey(directory, `key-${made}`);
  const certificate = certify(ca, key, { serial: made, principals: 'technician' });
  return { serial: made, settings: [`IdentityFile=${key.file}`, `CertificateFile=${certificate}`] };
}

const start = (place = list): Promise<RealMachine> =>
  RealMachine.start({ allowPlainCode: true, organisation: { ca: [ca.publicLine], revocations: [place] } });

async function knock(machine: RealMachine, { settings }: Badge, input = '') {
  const code = await machine.code();
  return plainSsh({ directory, host: machine.host, port: machine.port, user: machine.id, settings, code, input });
}

async function isServed(machine: RealMachine, person: Person, who: Badge): Promise<void> {
  const visit = knock(machine, who, 'exit 7\n');
  await (await person.asked()).allow();
  expect((await visit).code).toBe(7);
}

async function isRefused(machine: RealMachine, who: Badge, words: RegExp): Promise<RecordedEvent> {
  const from = (await machine.record()).length;
  expect((await knock(machine, who)).stderr).toMatch(words);
  return machine.untilRecorded(({ type }) => type === 'technician.refused', from);
}

const TAKEN_BACK = /has taken your certificate or key back/;

describeWith(['ssh', 'ssh-keygen'], 'a revocation', () => {
  it('ends the live session, and the log says how fast; the next one is refused, others are served', async () => {
    publishLines();
    await using machine = await start();
    const person = await machine.person();
    const [gone, other] = [badge(), badge()];
    const from = (await machine.record()).length;
    const visit = plainSsh({
      directory,
      host: machine.host,
      port: machine.port,
      user: machine.id,
      settings: gone.settings,
      code: await machine.code(),
      input: 'sleep 1000\n',
    });
    await (await person.asked()).allow();
    await machine.untilRecorded(({ type }) => type === 'shell.opened', from);
    publishLines(`serial ${gone.serial}`);
    expect((await visit).stderr).toContain("the technician's organisation took their certificate or key back");
    const { fields } = await machine.untilRecorded(({ type }) => type === 'session.revoked', from);
    expect(fields.detail).toContain(`serial ${gone.serial}`);
    expect(fields.sinceChangeMs).toBeGreaterThanOrEqual(0);
    expect(machine.sessionProcesses()).toEqual([]);
    const refused = await isRefused(machine, gone, TAKEN_BACK);
    expect(refused.fields).toMatchObject({ reason: 'revoked', serial: String(gone.serial) });
    await isServed(machine, person, other);
  });

  it('takes someone out of the queue while the person still reads the question', async () => {
    publishLines();
    await using machine = await start();
    const person = await machine.person();
    const gone = badge();
    const visit = knock(machine, gone);
    const asked = await person.asked();
    publishLines(`serial ${gone.serial}`);
    await asked.withdrawn;
    const { code, stderr } = await visit;
    expect(code).toBe(255);
    expect(stderr).toContain('took their certificate or key back');
    expect((await machine.record()).map(({ type }) => type)).not.toContain('session.started');
  });

  it('of a key goes for a key that the policy lists', async () => {
    publishLines();
    await using machine = await start();
    const person = await machine.person();
    const listed = { serial: 0, settings: [`IdentityFile=${machine.key().file}`] };
    await isServed(machine, person, listed);
    const from = (await machine.record()).length;
    const [, fingerprint = ''] = sshKeygen(['-l', '-f', machine.key().publicFile]).split(' ');
    publishLines(`key ${fingerprint}`);
    await machine.untilRecorded(({ type }) => type === 'revocations.loaded', from);
    expect((await isRefused(machine, listed, TAKEN_BACK)).fields).toMatchObject({
      reason: 'revoked',
      key: fingerprint,
    });
  });

  it('comes by an OpenSSH KRL as well', async () => {
    const place = join(directory, 'signed.krl');
    const [gone, other] = [badge(), badge()];
    publish(krl(`serial: ${gone.serial}\n`, 1), ca, place);
    await using machine = await start(place);
    const person = await machine.person();
    await isRefused(machine, gone, TAKEN_BACK);
    await isServed(machine, person, other);
  });
});

describeWith(['ssh', 'ssh-keygen'], 'a revocation list that is not to be believed', () => {
  it.each<[what: string, problem: RegExp, () => void]>([
    ['is not signed', /signature/, () => publish(`${HEAD}\nsequence 1000\n`, null)],
    ['is signed by a stranger', /signature/, () => publish(`${HEAD}\nsequence 1000\n`, makeKey(directory, 'stranger'))],
    ['is damaged', /line 3/, () => publish(`${HEAD}\nsequence 1000\nrevoke all\n`)],
    ['is older', /old list/, () => publish(`${HEAD}\nsequence 1\n`)],
  ])('because it %s leaves the former one in force, also after a restart', async (what, problem, spoil) => {
    const gone = badge();
    sequence += 1;
    publishLines(`serial ${gone.serial}`);
    await using machine = await start();
    const from = (await machine.record()).length;
    spoil();
    const { fields } = await machine.untilRecorded(({ type }) => type === 'revocations.refused', from);
    expect(fields).toMatchObject({ file: list, problem: expect.stringMatching(problem), kept: true });
    await isRefused(machine, gone, TAKEN_BACK);
    if (what === 'is older') {
      await machine.stop();
      await machine.startAgain();
      await isRefused(machine, gone, /cannot read which certificates were taken back/);
    }
  });

  it('closes the door for certificates when there never was another, and not for listed keys', async () => {
    await using machine = await start(join(directory, 'nowhere'));
    const person = await machine.person();
    const who = badge();
    const { fields } = await isRefused(machine, who, /cannot read which certificates were taken back/);
    expect(fields).toMatchObject({ reason: 'revocations-unknown', detail: expect.stringContaining('nowhere') });
    await isServed(machine, person, { serial: 0, settings: [`IdentityFile=${machine.key().file}`] });
    const from = (await machine.record()).length;
    publish(`${HEAD}\nsequence 1\n`, ca, join(directory, 'nowhere'));
    await machine.untilRecorded(({ type }) => type === 'revocations.loaded', from);
    await isServed(machine, person, who);
  });
});
