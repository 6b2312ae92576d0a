// A listed RSA key is one technician's only as long as its signatures cannot be forged.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { plainSsh } from '../harness/plain-ssh.ts';
import { RealMachine } from '../harness/real-machine.ts';
import { describeWith } from '../requires.ts';

describeWith(['ssh'], 'a signature of an RSA key', () => {
  let machine: RealMachine;
  beforeAll(async () => {
    machine = await RealMachine.start({ allowPlainCode: true, technicians: [{ name: 'Dana Roe', keyType: 'rsa' }] });
  });
  afterAll(() => machine[Symbol.asyncDispose]());

  const signWith = (algorithm: string) =>
    plainSsh({
      directory: machine.root,
      host: machine.host,
      port: machine.port,
      user: machine.id,
      settings: [`IdentityFile=${machine.key().file}`, `PubkeyAcceptedAlgorithms=${algorithm}`],
    });

  it('by SHA-1 is refused, and the technician reads why', async () => {
    const from = (await machine.record()).length;
    const { stdout, stderr } = await signWith('ssh-rsa');
    expect(`${stdout}${stderr}`).toContain('Your program signs with SHA-1');
    const refused = await machine.untilRecorded(({ type }) => type === 'technician.refused', from);
    expect(refused.fields).toMatchObject({ reason: 'weak-signature', name: 'Dana Roe' });
    expect((await machine.record(from)).map(({ type }) => type)).not.toContain('technician.authenticated');
  });

  it('by SHA-256 is taken', async () => {
    const from = (await machine.record()).length;
    await signWith('rsa-sha2-256');
    await machine.untilRecorded(({ type }) => type === 'technician.authenticated', from);
  });
});
