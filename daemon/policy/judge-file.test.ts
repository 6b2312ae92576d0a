// `policy explain --technician` judges as the door does: what is refused there is refused here, with the same sentence.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { certify, type KeyFiles, makeKey, sshKeygen } from '../../test/harness/certificate-authority.ts';
import { describeWith } from '../../test/requires.ts';
import { judgeFile } from './judge-file.ts';
import { loadPolicy } from './load.ts';

let place: string;
let ca: KeyFiles;
let other: KeyFiles;
let dana: KeyFiles;

beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'chaperone-judge-'));
  [ca, other, dana] = [makeKey(place, 'ca'), makeKey(place, 'other'), makeKey(place, 'dana')];
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

async function judge(file: string, more = '', technicians = '') {
  writeFileSync(
    join(place, 'policy.yaml'),
    `organisation: { ca: ca.pub${more} }\nshell: { sandbox: off }\nscopes: { technician: [diagnostics, shell], guest: [] }\n${technicians}`,
  );
  const { policy } = await loadPolicy(join(place, 'policy.yaml'), { home: place });
  return judgeFile(file, policy);
}

describeWith('ssh-keygen', 'the holder of a certificate', () => {
  it('is shown with name, roles and what they could get', async () => {
    const file = certify(ca, dana, { principals: 'technician,guest', options: ['extension:org@chaperone=Clinic IT'] });
    expect(await judge(file)).toMatchObject({
      technician: { name: 'Dana Reyes', organisation: 'Clinic IT', certificate: { roles: ['technician', 'guest'] } },
      refused: null,
      scopes: ['diagnostics', 'shell'],
    });
  });

  it.each([
    ['expired', () => certify(ca, dana, { as: 'expired', validity: '-2h:-1h' }), /expired/],
    ['of another authority', () => certify(other, dana, { as: 'foreign' }), /organisation|authority|certificate/],
    ['without a role of this computer', () => certify(ca, dana, { as: 'roleless', principals: 'cook' }), /role/],
  ])('is refused when it is %s', async (_, make, expected) => {
    const { technician, refused, scopes } = await judge(make());
    expect({ technician, scopes }).toEqual({ technician: null, scopes: [] });
    expect(refused).toMatch(expected);
  });

  it('is refused when it was taken back, and when the list of that cannot be believed', async () => {
    const list = join(place, 'revocations');
    writeFileSync(list, 'chaperone/revocations/v1\nsequence 1\nissued 2026-01-01T00:00:00Z\nserial 7\n');
    const [kept, taken] = [certify(ca, dana, { as: 'kept', serial: 6 }), certify(ca, dana, { as: 'taken', serial: 7 })];
    expect((await judge(kept, ', revocations: revocations')).refused).not.toBeNull();
    sshKeygen(['-q', '-Y', 'sign', '-f', ca.file, '-n', 'revocation@chaperone', list]);
    expect((await judge(kept, ', revocations: revocations')).refused).toBeNull();
    expect((await judge(taken, ', revocations: revocations')).refused).toMatch(/taken/);
  });

  it('is told to be let in by the key alone, also once the certificate is taken back by its number', async () => {
    const list = join(place, 'taken-back');
    const key = readFileSync(dana.publicFile, 'utf8').split(' ').slice(0, 2).join(' ');
    const listed = `technicians: [{ name: Dana R., phone: "+44 20 7946 1234", role: technician, key: "${key}" }]\n`;
    const file = certify(ca, dana, { as: 'listed', serial: 8 });
    const withList = async (lines: string) => {
      writeFileSync(list, `chaperone/revocations/v1\nsequence 1\nissued 2026-01-01T00:00:00Z\n${lines}\n`);
      rmSync(`${list}.sig`, { force: true });
      sshKeygen(['-q', '-Y', 'sign', '-f', ca.file, '-n', 'revocation@chaperone', list]);
      return judge(file, ', revocations: taken-back', listed);
    };
    expect(await judge(file)).toMatchObject({ refused: null, alsoListedAs: null });
    expect(await withList('serial 7')).toMatchObject({ refused: null, alsoListedAs: 'Dana R.' });
    expect(await withList('serial 8')).toMatchObject({ technician: null, alsoListedAs: 'Dana R.' });
    const [, fingerprint] = sshKeygen(['-l', '-f', dana.publicFile]).split(' ');
    expect(await withList(`key ${fingerprint}`)).toMatchObject({ technician: null, alsoListedAs: null });
    const beside = await judge(file, ', revocations: [missing, taken-back]', listed);
    expect(beside.refused).toMatch(/taken/);
    expect(beside.alsoListedAs).toBeNull();
  });

  it('is nobody without a certificate or a place on the list', async () => {
    expect((await judge(dana.publicFile)).refused).toContain('does not know this key');
    await expect(judge(join(place, 'policy.yaml'))).rejects.toMatchObject({
      hint: expect.stringContaining('-cert.pub'),
    });
  });
});
