import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FOREVER, issueCertificate } from '../../protocol/identity/certificate.ts';
import { signerFromKeyFile } from '../../protocol/identity/private-key.ts';
import { newSshKey } from '../../protocol/ssh-keygen.ts';
import { keepHostCertificate } from '../identity/host-certificate.ts';
import { machineKeys } from '../identity/machine-keys.ts';
import { examineDesktop } from './desktop.ts';
import type { Finding } from './finding.ts';
import { examineIdentity } from './identity.ts';
import { examineRules } from './rules.ts';
import { examineSurroundings } from './surroundings.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'chaperone-doctor-'));
  chmodSync(home, 0o700);
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const NOW = new Date('2026-11-22T12:00:00Z');
const stateOf = (findings: readonly Finding[], what: string) =>
  findings.filter((finding) => finding.what === what).map(({ state }) => state);
const ca = signerFromKeyFile(newSshKey('ca').privateKey);

async function certify(principal: string, validBefore: bigint): Promise<void> {
  const key = signerFromKeyFile(machineKeys(home).hostKey).publicKey;
  const options = { criticalOptions: new Map(), extensions: new Map() };
  const fields = {
    key,
    serial: 1n,
    kind: 'host',
    keyId: 'x',
    principals: [principal],
    validAfter: 0n,
    validBefore,
  } as const;
  keepHostCertificate(home, await issueCertificate({ ...fields, ...options }, ca));
}

describe('the doctor', () => {
  it('says whose keys these are, and who can reach them', () => {
    const { connectionId } = machineKeys(home);
    const findings = examineIdentity(home, null, NOW);
    expect(stateOf(findings, 'permissions')).toEqual(['ok']);
    expect(findings[0]?.words).toContain(connectionId.slice(0, 3));
    chmodSync(join(home, 'identity', 'log.key'), 0o644);
    expect(examineIdentity(home, null, NOW)).toContainEqual(
      expect.objectContaining({ what: 'permissions', state: 'broken', todo: expect.stringContaining('chmod go=') }),
    );
  });

  it.each([
    ['is good', FOREVER, 'ok'],
    ['ends soon', BigInt(NOW.getTime() / 1000) + 60n, 'warn'],
    ['has run out', BigInt(NOW.getTime() / 1000), 'broken'],
  ] as const)('says that the certificate %s', async (_words, validBefore, state) => {
    await certify(machineKeys(home).connectionId, validBefore);
    expect(stateOf(examineIdentity(home, null, NOW), 'certificate')).toEqual([state]);
  });

  it('says that there is no certificate, or one for another machine', async () => {
    machineKeys(home);
    expect(stateOf(examineIdentity(home, null, NOW), 'certificate')).toEqual(['warn']);
    await certify('735004124', FOREVER);
    expect(stateOf(examineIdentity(home, null, NOW), 'certificate')).toEqual(['broken']);
  });

  it('says what is wrong with the policy, its lists and its ports', async () => {
    const file = join(home, 'policy.yaml');
    expect((await examineRules(file, home)).findings).toMatchObject([
      { what: 'policy', state: 'broken', todo: expect.any(String) },
    ]);
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    writeFileSync(join(home, 'ca.pub'), `${newSshKey('ca').publicLine}\n`, { mode: 0o600 });
    const organisation = `organisation: { ca: ${join(home, 'ca.pub')}, revocations: ${join(home, 'list')} }`;
    writeFileSync(
      file,
      `machine: { name: front-desk-2, hipaa: false }\nlisten: ["127.0.0.1:${port}"]\n${organisation}\n`,
      { mode: 0o600 },
    );
    const { loaded, findings } = await examineRules(file, home);
    expect(stateOf(findings, 'authority')).toEqual(['ok']);
    expect(stateOf(findings, 'revocations')).toEqual(['broken']);
    const around = await examineSurroundings(home, loaded?.policy ?? null);
    expect(stateOf(around, 'containment')).toHaveLength(1);
    expect(stateOf(around, 'port')).toEqual(['broken']);
    taken.close();
  });
});

describe('the desktop', () => {
  it('that is not there is said, with what to do instead', async () => {
    const [finding] = await examineDesktop({ PATH: '/usr/bin:/bin' });
    expect(finding).toMatchObject({ what: 'desktop', state: 'warn' });
    expect(finding?.words).toContain('no X11 screen');
    expect(finding?.todo).toContain('chaperoned prompt');
  });
});
