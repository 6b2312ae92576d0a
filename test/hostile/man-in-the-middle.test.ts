// Somebody sits between technician and machine, has a key that the machine lists, and the technician has just accepted
// the wrong host key: the one-time code still joins nobody but the two who have it.

import { execPath } from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { technicianHome } from '../../protocol/home.ts';
import { TestTechnician } from '../../tui/connection/test-technician.ts';
import { MachineBook } from '../../tui/records/machines.ts';
import { CHAPERONE } from '../harness/place.ts';
import { RealMachine } from '../harness/real-machine.ts';
import { runProgram } from '../harness/run-program.ts';
import { SshRelay } from './ssh-relay.ts';

let stack: AsyncDisposableStack;
let machine: RealMachine;
let relay: SshRelay;

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  machine = stack.use(await RealMachine.start({ technicians: [{ name: 'Dana Roe' }, { name: 'Mallory' }] }));
  const { host, port } = machine;
  relay = stack.use(await SshRelay.start({ host, port, accomplice: machine.key('Mallory').privateKey }));
});
afterEach(() => stack.disposeAsync());

describe('a man in the middle whose host key was accepted', () => {
  it('learns neither code nor request, and costs one try; nobody at the machine is asked', async () => {
    using technician = new TestTechnician();
    const person = await machine.person();
    const code = await machine.code();
    await expect(technician.connect(relay.address, { code })).rejects.toMatchObject({
      name: 'RequestDenied',
      message: expect.stringContaining('code does not fit'),
      hint: expect.stringContaining('somebody may be in between'),
    });
    expect(technician.hostKeyQuestions).toHaveLength(1);
    expect(technician.codeQuestions.map(({ triesLeft }) => triesLeft)).toEqual([2]);
    expect(new MachineBook(technicianHome(technician.environment)).all()).toEqual([]); // the relay is not remembered

    await machine.untilRecorded(({ type }) => type === 'code.wrong');
    const events = await machine.record();
    const tries = events.filter(({ type }) => type.startsWith('code.') && type !== 'code.created');
    expect(tries).toMatchObject([{ type: 'code.wrong', fields: { attemptsLeft: 2, proof: 'pairing' } }]);
    expect(events.map(({ type }) => type)).not.toContain('request.made');
    expect(person.unseen).toBe(0);
    expect(await machine.code()).toBe(code);

    const everything = relay.seen.join('\n').toLowerCase();
    expect(everything).toContain('"tag"'); // the answer did pass
    for (const secret of [code, ...code.split('-').slice(1), 'printer does not print']) {
      expect(everything).not.toContain(secret);
      expect(everything).not.toContain(Buffer.from(secret).toString('base64').replace(/=+$/, '').toLowerCase());
    }
  });

  it('is spoken of on both sides after the third try, and the code is another', async () => {
    using technician = new TestTechnician();
    const prompt = await machine.chaperonedOnTerminal(['prompt', '--plain']);
    await prompt.until('One-time code:');
    const code = await machine.code();
    technician.codes = [code, code];
    await expect(technician.connect(relay.address, { code })).rejects.toMatchObject({
      message: expect.stringContaining('has made a new one'),
      hint: expect.stringMatching(/somebody may be in between.*must show SHA256:/),
    });
    expect(technician.codeQuestions[0]?.words).toContain('somebody may be in between');
    await prompt.until('Three times a code did not fit, so here is a new one. If your helper typed just what you read');
    expect(await machine.code()).not.toBe(code);
  });

  it('gets no further with the program itself, which says so and exits with 3', async () => {
    const code = await machine.code();
    const wish = ['--reason', 'printer', '--ticket', 'T-1', '--code', code, '--identity', machine.key().file];
    const program = [execPath, CHAPERONE, 'connect', relay.address, '--accept-new', '--plain', ...wish];
    const environment = machine.technicianEnvironment();
    const { code: exit, stderr } = await runProgram(program, { environment, cwd: machine.root });
    expect(stderr).toContain('somebody may be in between');
    expect(exit).toBe(3);
    // The same technician, straight to the machine, with the same code: two tries are left, and the key is the first.
    const person = await machine.person(); // before: who asks while nobody sits there is refused
    const straight = await machine.technician({ code });
    (await person.asked()).deny();
    await straight.closed;
  });
});
