// The machine decides: a policy that others could have written is not one.

import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultPolicyFile, loadPolicy } from './load.ts';
import { sampleText } from './sample.ts';
import { ED25519, ED25519_FINGERPRINT, OTHER_ED25519 } from './test-keys.ts';
import { changingPorts, listedBesideCertificates, placeholdersIn } from './warnings.ts';

let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'chaperone-policy-'));
  file = join(directory, 'policy.yaml');
  writeFileSync(file, 'machine: { name: desk }\n', { mode: 0o644 });
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const refusal = async (path: string): Promise<{ message: string; hint: string; exitCode: number }> =>
  loadPolicy(path).then(
    () => expect.unreachable('the policy was accepted'),
    (error) => error,
  );

describe('loading a policy', () => {
  it('names the bytes that took effect', async () => {
    const loaded = await loadPolicy(file);
    expect(loaded.sha256).toBe(createHash('sha256').update('machine: { name: desk }\n').digest('hex'));
    expect(loaded.policy.machine.name).toBe('desk');
  });

  it('says how to start when there is none', async () => {
    const error = await refusal(join(directory, 'missing.yaml'));
    expect(error).toMatchObject({ message: expect.stringContaining('there is no policy at'), exitCode: 2 });
    expect(error.hint).toContain('chaperoned policy sample >');
  });

  it.each([0o664, 0o646, 0o666])('refuses a file of mode %o with the command that mends it', async (mode) => {
    chmodSync(file, mode);
    expect(await refusal(file)).toMatchObject({ hint: `chmod go-w ${file}`, exitCode: 2 });
  });

  it('refuses a directory in which others could put another file', async () => {
    chmodSync(directory, 0o777);
    expect(await refusal(file)).toMatchObject({ hint: `chmod go-w ${directory}` });
    chmodSync(directory, 0o1777);
    expect((await refusal(file)).hint).toContain('a directory of its own');
  });

  it('refuses a way on which others could put another directory', async () => {
    const inner = join(directory, 'etc', 'chaperone');
    mkdirSync(inner, { recursive: true, mode: 0o755 });
    const deep = join(inner, 'policy.yaml');
    writeFileSync(deep, '', { mode: 0o644 });
    expect((await loadPolicy(deep)).file).toBe(deep);
    chmodSync(directory, 0o775);
    expect(await refusal(deep)).toMatchObject({ hint: `chmod go-w ${directory}`, exitCode: 2 });
    chmodSync(directory, 0o1777); // as /tmp: others cannot rename what is ours
    expect((await loadPolicy(deep)).file).toBe(deep);
  });

  it('looks at the directory of a link, where others could choose another file', async () => {
    const open = join(directory, 'open');
    mkdirSync(open);
    symlinkSync(file, join(open, 'link.yaml'));
    chmodSync(open, 0o777);
    expect(await refusal(join(open, 'link.yaml'))).toMatchObject({ hint: `chmod go-w ${open}` });
  });

  it('looks at every link on the way, of a directory and behind another link', async () => {
    const open = join(directory, 'open');
    mkdirSync(open);
    symlinkSync(directory, join(open, 'folder'));
    symlinkSync(file, join(open, 'second.yaml'));
    symlinkSync(join('open', 'second.yaml'), join(directory, 'first.yaml'));
    expect((await loadPolicy(join(directory, 'first.yaml'))).policy.machine.name).toBe('desk');
    chmodSync(open, 0o777);
    for (const path of [join(open, 'folder', 'policy.yaml'), join(directory, 'first.yaml')]) {
      expect(await refusal(path)).toMatchObject({ hint: `chmod go-w ${open}` });
    }
  });

  it('follows `..` behind a link as the system does, and gives up in a circle', async () => {
    mkdirSync(join(directory, 'other', 'inner'), { recursive: true });
    writeFileSync(join(directory, 'other', 'policy.yaml'), 'machine: { name: other }\n');
    symlinkSync(join('other', 'inner'), join(directory, 'link'));
    symlinkSync('link/../policy.yaml', join(directory, 'up.yaml'));
    expect((await loadPolicy(join(directory, 'up.yaml'))).policy.machine.name).toBe('other');
    symlinkSync('circle', join(directory, 'circle'));
    expect((await refusal(join(directory, 'circle'))).message).toContain('too many links');
  });

  it('looks at the file behind a link', async () => {
    const open = join(directory, 'open');
    mkdirSync(open);
    writeFileSync(join(open, 'real.yaml'), '');
    chmodSync(open, 0o777);
    symlinkSync(join(open, 'real.yaml'), join(directory, 'link.yaml'));
    expect(await refusal(join(directory, 'link.yaml'))).toMatchObject({ hint: `chmod go-w ${open}` });
  });

  it('refuses what is no file, too large, or no text', async () => {
    const inner = join(directory, 'inner');
    mkdirSync(inner, { mode: 0o755 });
    expect((await refusal(inner)).message).toContain('is not a file');
    writeFileSync(file, Buffer.alloc(300 * 1024, 0x23));
    expect((await refusal(file)).message).toContain('too large');
    writeFileSync(file, Buffer.from([0x23, 0xff, 0xfe]));
    expect((await refusal(file)).message).toContain('UTF-8');
  });

  it('lists every problem in its message and exits as wrong usage', async () => {
    writeFileSync(file, 'machine: { naem: x }\nrecrod: {}\n');
    const error = await refusal(file);
    expect(error.message.split('\n')).toHaveLength(3);
    expect(error.exitCode).toBe(2);
    expect(error.hint).toContain(`chaperoned policy check ${file}`);
  });
});

describe('a policy that works, but perhaps not as meant', () => {
  it.each([
    ['', 'technicians: nobody is listed'],
    ['scopes: { technician: [shell] }', 'shells are refused'],
    ['scopes: { technician: [screen.view] }', 'does not offer screen.view'],
    ['scopes: { lead: [shell.suggest] }', 'strict does not wall off suggested commands'],
    ['shell: { sandbox: off }', 'off on a machine that handles patient data'],
    ['shell: { program: /no/such/shell }', '/no/such/shell cannot be run'],
    ['diagnostics: { refuse: [open-prots] }', 'no diagnostic is called "open-prots"; did you mean "open-ports"?'],
  ])('%j warns', async (text, expected) => {
    writeFileSync(file, text);
    expect((await loadPolicy(file)).warnings.join('\n')).toContain(expected);
  });

  it('that is sound warns of nothing', async () => {
    const nobody = 'technicians: nobody is listed, so nobody can ask for a session';
    writeFileSync(file, 'machine: { hipaa: false }\nshell: { sandbox: off, program: /bin/sh }\n');
    expect((await loadPolicy(file)).warnings).toEqual([nobody]);
    writeFileSync(file, 'scopes: { lead: [diagnostics] }\n');
    expect((await loadPolicy(file)).warnings).toEqual([nobody]);
  });
});

it('says which fixed port to write in place of one that changes', async () => {
  writeFileSync(file, 'listen: ["192.0.2.7:2200", "[::1]:0"]\n');
  expect(changingPorts((await loadPolicy(file)).policy)).toEqual([
    expect.stringMatching(/^listen\[1\].*write \[::1\]:2200$/),
  ]);
});

it('says where certificates can be taken back that a listed key needs none', async () => {
  const check = async (text: string) => {
    writeFileSync(file, text);
    return listedBesideCertificates((await loadPolicy(file)).policy);
  };
  const organisation = `organisation: { ca: "${OTHER_ED25519}", revocations: /nowhere/revocations }\n`;
  const listed = `technicians: [{ name: Kim, phone: "+44 20 7946 1234", role: lead, key: "${ED25519}" }]\n`;
  expect(await check(organisation)).toEqual([]);
  expect(await check(listed)).toEqual([]);
  expect(await check(organisation + listed)).toEqual([expect.stringContaining('the fingerprint of the key')]);
});

describe('what was copied and not replaced', () => {
  const entry = (name: string, phone: string) =>
    `technicians: [{ name: "${name}", phone: "${phone}", role: lead, key: "${ED25519}" }]\n`;

  it.each([
    ['Dana Roe', '+44 20 7946 1234', ['technicians[0].name']],
    ['Kim Park', '+1 555 0100', ['technicians[0].phone']],
    ['Kim Park', '000000', ['technicians[0].phone']],
    ['Kim Park', '+44 20 7946 1234', []],
  ])('is found: %s, %s', async (name, phone, places) => {
    writeFileSync(file, entry(name, phone));
    const found = placeholdersIn((await loadPolicy(file)).policy);
    expect(found.map((line) => line.split(':')[0])).toEqual(places);
  });
});

describe('the sample', () => {
  it('is a policy', async () => {
    writeFileSync(file, sampleText());
    const { policy } = await loadPolicy(file);
    expect(policy.scopes.lead).toEqual(['diagnostics', 'shell.suggest', 'shell']);
  });
});

it('the default policy stands in the machine’s own home', () => {
  expect(defaultPolicyFile({ CHAPERONE_HOME: '/x' })).toBe('/x/machine/policy.yaml');
});

describe('the keys of the organisation', () => {
  const cas = async (text: string) => {
    writeFileSync(file, text);
    return (await loadPolicy(file)).policy.organisation;
  };

  it('stand in the policy, in files beside it, or both, and count once', async () => {
    writeFileSync(join(directory, 'ca.pub'), `# our CA\n\n${ED25519} ca@clinic\n`);
    const found = await cas(
      `organisation:\n  ca: [ca.pub, "${OTHER_ED25519}", ${join(directory, 'ca.pub')}]\n  revocations: revoked\n  name: Clinic IT\n`,
    );
    expect(found.cas.map((key) => key.fingerprint)).toEqual([ED25519_FINGERPRINT, expect.stringContaining('SHA256:')]);
    expect(found).toMatchObject({ name: 'Clinic IT', revocations: [join(directory, 'revoked')] });
  });

  it.each([
    ['', 'holds no key'],
    ['garbage\n', 'ca.pub:1: this is not an OpenSSH public key'],
    [`${ED25519}\n-----BEGIN OPENSSH PRIVATE KEY-----\n`, 'ca.pub:2: this is a private key'],
  ])('are refused when the file holds %j', async (text, expected) => {
    writeFileSync(join(directory, 'ca.pub'), text);
    await expect(cas('organisation: { ca: ca.pub }')).rejects.toMatchObject({
      message: expect.stringContaining(expected),
      exitCode: 2,
    });
  });

  it('are refused from a file that others could change, with the command that mends it', async () => {
    writeFileSync(join(directory, 'ca.pub'), `${ED25519}\n`);
    chmodSync(join(directory, 'ca.pub'), 0o666);
    await expect(cas('organisation: { ca: ca.pub }')).rejects.toMatchObject({
      hint: `chmod go-w ${join(directory, 'ca.pub')}`,
    });
  });

  it('are missed where the policy names a file that is not there', async () => {
    await expect(cas('organisation: { ca: nowhere.pub }')).rejects.toMatchObject({
      message: `there is no key file at ${join(directory, 'nowhere.pub')}`,
    });
  });

  it('have their typing errors named with their place', async () => {
    await expect(cas('organisation:\n  ca: "ssh-ed25519 AAAA"\n')).rejects.toMatchObject({
      problems: [{ line: 2, column: 7, path: 'organisation.ca[0]', message: 'the key is damaged or cut off' }],
    });
  });
});
