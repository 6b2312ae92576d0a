// The policy in force changes while the daemon runs; a broken one changes nothing and is told of once.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadPolicy } from './load.ts';
import { PolicyStore } from './store.ts';
import { ED25519, OTHER_ED25519 } from './test-keys.ts';

let home: string;
let file: string;
let told: string[];
let store: PolicyStore;

const write = (text: string) => writeFileSync(file, text);
const begin = async (text: string) => {
  write(text);
  store = new PolicyStore(await loadPolicy(file, { home }), home, {
    loaded: async ({ policy }) => void told.push(`loaded ${policy.machine.name}`),
    refused: async (_, problem) => void told.push(`refused ${problem}`),
  });
  await store.begin();
};

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'chaperone-store-'));
  file = join(home, 'policy.yaml');
  told = [];
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe('a policy that changes', () => {
  it('takes effect, after it was recorded', async () => {
    await begin('machine: { name: one }');
    let recordedBefore = 0;
    store.changed.on(() => {
      recordedBefore = told.length;
    });
    write('machine: { name: two }');
    await store.reload();
    expect(store.current.machine.name).toBe('two');
    expect(told).toEqual(['loaded one', 'loaded two']);
    expect(recordedBefore).toBe(2);
  });

  it('is not told of when nothing changed', async () => {
    await begin('machine: { name: one }');
    store.changed.on(() => expect.unreachable());
    await Promise.all([store.reload(), store.reload()]);
    expect(told).toEqual(['loaded one']);
  });

  it('is another one when a key file that it names changes', async () => {
    writeFileSync(join(home, 'ca.pub'), `${ED25519}\n`);
    await begin('organisation: { ca: ca.pub }');
    expect(store.loaded.reads).toContain(join(home, 'ca.pub'));
    const [before] = store.current.organisation.cas;
    writeFileSync(join(home, 'ca.pub'), `${OTHER_ED25519}\n`);
    await store.reload();
    expect(store.current.organisation.cas[0]?.fingerprint).not.toBe(before?.fingerprint);
    expect(told).toHaveLength(2);
  });
});

describe('a policy that is broken', () => {
  it('leaves the former one in force, is told of once, and is forgotten when it is mended', async () => {
    await begin('machine: { name: one }');
    write('machine: { naem: two }');
    await store.reload();
    await store.reload();
    expect(store.current.machine.name).toBe('one');
    expect(told).toEqual(['loaded one', expect.stringContaining('did you mean "name"?')]);
    expect(store.notes).toEqual([expect.stringContaining('the former one still holds')]);
    write('machine: { name: one }');
    await store.reload();
    expect(store.notes).toEqual([]);
    expect(told).toHaveLength(2);
    write('machine: { naem: two }');
    await store.reload();
    expect(told).toHaveLength(3);
  });

  it.each([
    ['gone', () => rmSync(file)],
    ['empty of its keys', () => rmSync(join(home, 'ca.pub'))],
  ])('or %s leaves the former one in force', async (_, breakIt) => {
    writeFileSync(join(home, 'ca.pub'), `${ED25519}\n`);
    await begin('organisation: { ca: ca.pub }');
    breakIt();
    await store.reload();
    expect(store.current.organisation.cas).toHaveLength(1);
    expect(told).toHaveLength(2);
  });
});

it('says that another address waits for the next start', async () => {
  await begin('listen: ["127.0.0.1:2200"]');
  write('listen: ["127.0.0.1:2201"]');
  await store.reload();
  expect(store.notes).toEqual([expect.stringMatching(/next start; until then it is 127\.0\.0\.1:2200$/)]);
});

it('closes the machine at the start, opens it when the organisation’s policy comes, and remembers its version', async () => {
  const { makeKey, sshKeygen } = await import('../../test/harness/certificate-authority.ts');
  const ca = makeKey(home, 'ca');
  await begin(`organisation: { ca: ca.pub, policy: organisation.yaml }`);
  expect(store.current.closed).not.toBeNull();
  expect(told).toEqual([expect.stringContaining('loaded'), expect.stringContaining("no organisation's policy")]);
  const publish = (text: string) => {
    const file = join(home, 'organisation.yaml');
    writeFileSync(file, text);
    rmSync(`${file}.sig`, { force: true });
    sshKeygen(['-q', '-Y', 'sign', '-f', ca.file, '-n', 'policy@chaperone', file]);
  };
  publish('version: 7\n');
  await store.reload();
  expect(store.current.closed).toBeNull();
  expect(store.notes).toEqual([]);
  expect(JSON.parse(readFileSync(join(home, 'organisation-policy.json'), 'utf8'))).toMatchObject({ version: 7 });

  // Where the version cannot be written down, it counts in this run, and the status says so.
  mkdirSync(join(home, 'organisation-policy.json.new'));
  publish('version: 8\n');
  await store.reload();
  expect(store.notes).toEqual([expect.stringContaining('cannot be written down')]);
  publish('version: 7\n');
  await store.reload();
  expect(store.loaded.organisation?.version).toBe(8);
  expect(store.notes.join()).toContain('has seen version 8');
});
