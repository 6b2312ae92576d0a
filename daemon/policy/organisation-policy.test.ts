// The organisation's signed policy: stock ssh-keygen signs it; whatever is not signed, not new or not readable never
// opens anything (promises 2 and 10).

import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type KeyFiles, makeKey, sshKeygen } from '../../test/harness/certificate-authority.ts';
import { describeWith } from '../../test/requires.ts';
import { loadPolicy } from './load.ts';
import { checkOrganisationPolicy } from './organisation-policy.ts';
import { effectiveScopes } from './policy.ts';
import { writeSeenVersion } from './seen-version.ts';

let root: string;
let place: string;
let ca: KeyFiles;
let other: KeyFiles;
let count = 0;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'chaperone-organisation-'));
  ca = makeKey(root, 'ca');
  other = makeKey(root, 'other');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const machinePolicy = (more = '') =>
  `shell: { sandbox: off }\nconsent: { maxSession: 4h }\norganisation: { ca: "${ca.publicLine}", policy: organisation.yaml${more} }\n`;

beforeEach(() => {
  count += 1;
  place = mkdtempSync(join(root, `place-${count}-`));
  writeFileSync(join(place, 'policy.yaml'), machinePolicy());
});

function publish(text: string, key: KeyFiles = ca, namespace = 'policy@chaperone'): void {
  const file = join(place, 'organisation.yaml');
  writeFileSync(file, text);
  rmSync(`${file}.sig`, { force: true });
  sshKeygen(['-q', '-Y', 'sign', '-f', key.file, '-n', namespace, file]);
}

const load = (former?: Awaited<ReturnType<typeof loadPolicy>>) =>
  loadPolicy(join(place, 'policy.yaml'), { home: place, ...(former === undefined ? {} : { former }) });

const NARROW = 'version: 3\nconsent: { maxSession: 1h, timeout: 5m }\nscopes: { technician: [diagnostics] }\n';

describeWith('ssh-keygen', 'the organisation’s policy', () => {
  it('narrows what the machine allows, and has no effect where it would widen', async () => {
    publish(NARROW);
    const { policy, organisation, trouble } = await load();
    expect(trouble).toBeNull();
    expect(organisation).toMatchObject({ version: 3 });
    expect(policy.consent).toMatchObject({ maxSessionMs: 3_600_000, timeoutMs: 60_000 });
    expect(effectiveScopes(policy, 'technician')).toEqual(['diagnostics']);
  });

  it('may be signed by a key of its own purpose, and then no longer by the CA', async () => {
    writeFileSync(join(place, 'policy.yaml'), machinePolicy(`, policySigner: "${other.publicLine}"`));
    publish(NARROW, other);
    expect((await load()).trouble).toBeNull();
    publish(NARROW, ca);
    expect((await load()).trouble?.message).toContain('not signed by a key');
  });

  it.each<[string, () => void, RegExp]>([
    ['missing', () => undefined, /there is no organisation's policy at/],
    ['not signed', () => writeFileSync(join(place, 'organisation.yaml'), NARROW), /no signature of the organisation/],
    ['signed by somebody else', () => publish(NARROW, other), /not signed by a key that this computer knows/],
    ['signed for another purpose', () => publish(NARROW, ca, 'file'), /not signed by a key that this computer knows/],
    [
      'changed by one byte',
      () => {
        publish(NARROW);
        writeFileSync(join(place, 'organisation.yaml'), NARROW.replace('1h', '9h'));
      },
      /not signed by a key that this computer knows/,
    ],
    ['signed and not readable', () => publish('version: 3\nconsnet: {}\n'), /did you mean "consent"/],
    ['signed without a version', () => publish('consent: { maxSession: 1h }\n'), /version: this is missing/],
    [
      'open for others to change',
      () => {
        publish(NARROW);
        chmodSync(join(place, 'organisation.yaml'), 0o666);
      },
      /can be changed by other users/,
    ],
  ])('closes the machine when it is %s, and says why', async (_, make, expected) => {
    make();
    const { policy, trouble, warnings } = await load();
    expect(`${trouble?.message}`).toMatch(expected);
    expect(trouble?.hint ?? '').not.toBe('');
    expect(policy.closed).not.toBeNull();
    expect(effectiveScopes(policy, 'technician')).toEqual([]);
    expect(warnings.join()).toContain('no session can start');
  });

  it('stays in force while the one on disk cannot be obeyed', async () => {
    publish(NARROW);
    const former = await load();
    publish(NARROW.replace('version: 3', 'version: 4'), other);
    const next = await load(former);
    expect(next.trouble?.message).toContain('not signed by a key');
    expect(next.organisation?.version).toBe(3);
    expect(next.policy).toEqual(former.policy);
  });

  it('is not put back to an older version, by whoever signed it', async () => {
    publish(NARROW);
    const former = await load();
    await writeSeenVersion(place, { version: 3, sha256: former.organisation?.sha256 ?? '' });
    publish('version: 2\n');
    expect((await load()).trouble?.message).toContain('is version 2, and this computer has seen version 3');
    publish('version: 3\n');
    expect((await load()).trouble?.message).toContain('still says that it is version 3');
    expect((await load()).policy.closed).not.toBeNull();
    publish('version: 4\n');
    expect((await load()).trouble).toBeNull();
  });

  it('is not believed when the note of its version is damaged', async () => {
    publish(NARROW);
    writeFileSync(join(place, 'organisation-policy.json'), '{"version":');
    expect((await load()).trouble?.message).toContain('is damaged');
  });

  it('needs somebody who may sign it', async () => {
    writeFileSync(join(place, 'policy.yaml'), 'organisation: { policy: organisation.yaml }\n');
    await expect(load()).rejects.toMatchObject({ problems: [{ message: 'nobody is named who may sign it' }] });
  });

  it('can be checked before it is signed', async () => {
    const file = join(place, 'organisation.yaml');
    writeFileSync(file, NARROW);
    expect(await checkOrganisationPolicy(file)).toMatchObject({ version: 3 });
    writeFileSync(file, 'version: 0\n');
    await expect(checkOrganisationPolicy(file)).rejects.toMatchObject({
      problems: [{ path: 'version' }],
      hint: expect.stringContaining(`policy check --organisation ${file}`),
    });
  });

  it('is gone when the machine’s policy does not ask for it any more: the machine decides', async () => {
    publish(NARROW);
    const former = await load();
    writeFileSync(
      join(place, 'policy.yaml'),
      readFileSync(join(place, 'policy.yaml'), 'utf8').replace(/, policy: \S+/, ''),
    );
    expect((await load(former)).policy.consent.maxSessionMs).toBe(4 * 3_600_000);
  });
});
