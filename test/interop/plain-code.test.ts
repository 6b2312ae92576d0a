// The code typed in stock ssh: only where the policy allows it, and the person is told that this program is weaker.

import { expect, it } from 'vitest';
import { plainSsh } from '../harness/plain-ssh.ts';
import { RealMachine } from '../harness/real-machine.ts';
import { describeWith } from '../requires.ts';

async function ssh(machine: RealMachine) {
  return await plainSsh({
    directory: machine.root,
    host: machine.host,
    port: machine.port,
    user: machine.id,
    code: await machine.code(),
    settings: [`IdentityFile=${machine.key().file}`],
  });
}

describeWith('ssh', 'a code that is typed in plain ssh', () => {
  it('is not even asked for, unless the policy says so', async () => {
    await using machine = await RealMachine.start();
    const person = await machine.person();
    const { code, stderr } = await ssh(machine);
    expect(stderr).toContain('This machine asks for the program chaperone instead of ssh.');
    expect(code).toBe(255); // OpenSSH's own
    expect(person.unseen).toBe(0);
    const local = await machine.connectLocal();
    expect((await local.code()).attemptsLeft).toBe(3);
  });

  it('is taken where the policy says so, and the person reads that the program is weaker', async () => {
    await using machine = await RealMachine.start({ allowPlainCode: true });
    const person = await machine.person();
    const going = ssh(machine);
    const asked = await person.asked();
    expect(asked.question.notices.join(' ')).toContain('a weaker program (plain ssh)');
    asked.deny();
    expect((await going).code).toBe(255);
    const accepted = await machine.untilRecorded(({ type }) => type === 'code.accepted');
    expect(accepted.fields).toMatchObject({ proof: 'typed' });
  });
});
