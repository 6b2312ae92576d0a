// A listed technician with bad intent: more than was ticked, more than the role has, and more than one answer's worth.

import { execPath } from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PromptQuestion } from '../../daemon/consent/prompter.ts';
import { SCOPES_PROMPT } from '../../protocol/conversation.ts';
import { Grant } from '../../protocol/grant.ts';
import { CHAPERONE } from '../harness/place.ts';
import { RealMachine } from '../harness/real-machine.ts';
import { runProgram } from '../harness/run-program.ts';
import { Terminal } from '../harness/terminal.ts';
import { expectHealthy } from './health.ts';
import { HostilePeer, ptyRequest } from './hostile-peer.ts';

let machine: RealMachine;
let pid: number;
beforeAll(async () => {
  machine = await RealMachine.start({
    technicians: [{ name: 'Dana Roe' }, { name: 'Kim Low', role: 'helper' }, { name: 'Jo Vis', role: 'visitor' }],
    allowPlainCode: true,
    scopes: { technician: ['diagnostics', 'shell'], helper: ['diagnostics'], visitor: [] },
  });
  pid = machine.pid;
});
afterAll(async () => {
  await expectHealthy(machine, pid);
  await machine[Symbol.asyncDispose]();
});

const codeNow = async () => (await machine.connectLocal()).code();
/** Kim's own `chaperone connect --plain`, with everything given that it would ask for. */
const connecting = (scopes: string, code: string) => ({
  argv: [
    ...[execPath, CHAPERONE, 'connect', '--plain', machine.address, '--accept-new', '--identity'],
    ...[machine.key('Kim Low').file, '--reason', 'r', '--ticket', 'T-1', '--scope', scopes, '--code', code],
  ],
  where: { environment: machine.technicianEnvironment('Kim Low'), cwd: machine.root },
});

const OTHER_CODE = '27-harbor-violet'; // one in 2^24 to be the machine's

const offered = (question: PromptQuestion) => question.offered.map(({ scope }) => scope);

describe('the grant is what was ticked, asked, and allowed by policy', () => {
  it('has no shell where only the health checks were ticked', async () => {
    const from = (await machine.record()).length;
    await using technician = await machine.session({ allow: ['diagnostics'] });
    const peer = new HostilePeer(technician.client);
    const channel = await peer.openChannel();
    if (channel === null) throw new Error('the channel was refused');
    expect(await peer.channelRequest(channel, 'pty-req', ptyRequest(80, 24))).toBe(false);
    expect(await peer.channelRequest(channel, 'shell')).toBe(false);
    const control = await technician.control();
    const { result } = await control.request('session.info');
    expect(Grant.parse(Reflect.get(Object(result), 'grant')).scopes).toEqual(['diagnostics']);
    expect((await control.request('diagnostics.run', { id: 'memory', parameters: {} })).error).toBeUndefined();
    await machine.untilRecorded(
      ({ type, fields }) => type === 'ssh.refused' && fields.what === 'channel request shell',
      from,
    );
    expect((await machine.record(from)).map(({ type }) => type)).not.toContain('shell.opened');
    await machine.end();
  });

  it('has nothing that was not asked for, whatever a prompt answers', async () => {
    using person = await machine.person();
    await using technician = await machine.technician({ scopes: 'diagnostics' });
    const asked = await person.asked();
    expect(offered(asked.question)).toEqual(['diagnostics']);
    await asked.allow(['diagnostics', 'shell', 'shell.admin', 'screen.control']);
    await technician.ready;
    expect((await machine.status()).sessions.map(({ scopes }) => scopes)).toEqual([['diagnostics']]);
    await machine.end();
  });

  it('is refused before the code is used where the role has nothing', async () => {
    const code = await machine.code();
    await using technician = await machine.technician({ name: 'Jo Vis', code });
    await technician.closed;
    expect(technician.told.text).toContain("the machine's policy gives nothing to the role visitor");
    expect(technician.told.text).toContain('not for the person there');
    expect(technician.prompts).toEqual([]);
    expect(await machine.code()).toBe(code);
  });

  it('has nothing that the role does not have, and the person is not even asked about it', async () => {
    using person = await machine.person();
    const from = (await machine.record()).length;
    await using technician = await machine.technician({
      name: 'Kim Low',
      scopes: 'shell.admin reboot shell diagnostics screen.control files.pull',
    });
    const asked = await person.asked();
    expect(offered(asked.question)).toEqual(['diagnostics']);
    await technician.untilTold('displayed');
    const leftOut = technician.statuses.find(({ state }) => state === 'displayed')?.notGiven;
    expect(leftOut?.map(({ scope }) => scope)).toEqual(expect.arrayContaining(['shell.admin', 'reboot', 'shell']));
    expect(leftOut?.map(({ scope }) => scope)).not.toContain('diagnostics');
    asked.deny();
    await technician.closed;
    const made = await machine.untilRecorded(({ type }) => type === 'request.made', from);
    expect(made.fields.refusedByPolicy).toEqual(expect.arrayContaining(['shell.admin', 'reboot', 'shell']));
  });

  it('is not even asked for where policy leaves nothing of it', async () => {
    using person = await machine.person();
    await using technician = await machine.technician({ name: 'Kim Low', scopes: 'shell' });
    await expect(technician.ready).rejects.toThrow('does not give shell to the role helper');
    expect(person.unseen).toBe(0);
  });

  it.each(['right', 'wrong'])('costs no code where nothing of it is left, and the code typed is %s', async (which) => {
    using person = await machine.person();
    const from = (await machine.record()).length;
    const before = await codeNow();
    const code = which === 'right' ? before.code : OTHER_CODE;
    await using typing = await machine.technician({ name: 'Kim Low', scopes: 'shell', software: 'OpenSSH_9.2', code });
    await expect(typing.ready).rejects.toThrow('does not give shell to the role helper');
    expect(typing.told.text).toContain('You may ask for: diagnostics.');
    expect(typing.prompts).toEqual([SCOPES_PROMPT]);

    const { argv, where } = connecting('shell', code);
    const { code: exit, stderr } = await runProgram(argv, where);
    expect(exit).toBe(3);
    expect(stderr).toMatch(/nothing of this can be asked for: .*role helper[\s\S]*the one-time code stays good/);

    expect(await codeNow()).toEqual(before);
    expect(person.unseen).toBe(0);
    const refused = await machine.untilRecorded(({ type }) => type === 'request.refused', from);
    expect(refused.fields).toMatchObject({ asked: ['shell'], reason: expect.stringContaining('role helper') });
    expect((await machine.record(from)).map(({ type }) => type)).not.toContain('code.wrong');
  });

  it('is told to who waits in a terminal, while the person reads the question', async () => {
    using person = await machine.person();
    await using typing = await machine.technician({
      name: 'Kim Low',
      scopes: 'diagnostics shell',
      software: 'OpenSSH_9.2',
    });
    const first = await person.asked();
    await typing.told.until('They are not asked for shell (the machine');
    first.deny();
    await typing.closed;

    const { argv, where } = connecting('diagnostics,shell', await machine.code());
    await using waiting = await Terminal.run(argv, { ...where, cols: 140 });
    const second = await person.asked();
    await waiting.until(
      "the person is not asked for shell: the machine's policy does not give shell to the role helper",
    );
    await waiting.until('waiting for the person at front-desk-2');
    second.deny();
    expect((await waiting.exited).code).toBe(3);
  });

  it('says on the question what the technician wrote, and nothing that would draw on it', async () => {
    using person = await machine.person();
    await using technician = await machine.technician({
      reason: '\u001b[2J\u001b]0;Windows Update\u0007 printer\r\nVerified by: Chaperone\u202e',
      ticket: '\u009b31mT-1\u0000',
    });
    const asked = await person.asked();
    const { question } = asked;
    expect(JSON.stringify(question)).not.toMatch(/\\u00(1b|07|9b|00)|\\r|\\n|\u202e|\u009b/);
    expect(question.reason).toContain('printer');
    asked.deny();
    await technician.closed;
  });

  it('is not given by an answer that comes before anyone could have read', async () => {
    using person = await machine.person();
    await using technician = await machine.technician();
    (await person.asked()).allowAtOnce(['shell']);
    await expect(technician.ready).rejects.toThrow('did not allow');
  });

  it('is not given by a prompt that was never on screen', async () => {
    using person = await machine.person({ displays: false });
    await using technician = await machine.technician();
    await (await person.asked()).allow(['shell']);
    await expect(technician.ready).rejects.toThrow('no one could be asked');
  });

  it('ends for the first technician alone when the second one asks', async () => {
    using person = await machine.person();
    await using dana = await machine.session();
    await using kim = await machine.technician({ name: 'Kim Low', scopes: 'diagnostics' });
    const asked = await person.asked();
    expect(asked.question.notices.join(' ')).toContain('Dana Roe is connected already');
    asked.deny();
    await kim.closed;
    const shell = await dana.shell();
    shell.enter('echo $((6*7))');
    await shell.until('42');
    await machine.end();
  });
});
