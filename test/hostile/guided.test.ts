// Guided mode and requests for more, under a technician's program that does not mean well.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LocalClient } from '../../daemon/local/client.ts';
import { Receipt } from '../../protocol/receipt.ts';
import { openSignedJson } from '../../protocol/signed-json.ts';
import type { ControlLine, ControlSide } from '../harness/control-side.ts';
import type { Person } from '../harness/person.ts';
import { RealMachine } from '../harness/real-machine.ts';
import type { Technician } from '../harness/technician.ts';
import { expectHealthy } from './health.ts';

const METHOD_NOT_FOUND = -32601;
const NOT_PERMITTED = -32001;
const BUSY = -32004;

let machine: RealMachine;
let pid: number;
let local: LocalClient;
let person: Person;
let technician: Technician;
let control: ControlSide;
beforeAll(async () => {
  machine = await RealMachine.start({
    scopes: { technician: ['diagnostics', 'shell.suggest', 'shell'] },
  });
  pid = machine.pid;
  local = await machine.connectLocal();
  person = await machine.person();
});
beforeEach(async () => {
  technician = await machine.session({ scopes: 'diagnostics shell.suggest' });
  control = await technician.control();
});
afterEach(() => machine.end());
afterAll(async () => {
  await expectHealthy(machine, pid);
  await machine[Symbol.asyncDispose]();
});

const propose = (command: string, purpose = 'to see why it is slow'): Promise<ControlLine> =>
  control.request('command.propose', { command, purpose });
/** The result of the newest proposal. */
async function ended(): Promise<Record<string, unknown>> {
  await control.received.until('"method":"command.result"');
  return Object(control.heard('command.result').at(-1));
}
const output = (): string =>
  control
    .heard('command.output')
    .map((params) => String(Reflect.get(Object(params), 'text')))
    .join('');
const lastState = (): unknown => control.heard('command.state').at(-1);
const never = (): string => join(machine.root, 'home', 'never');

describe('a proposed command', () => {
  it('runs when the person approves exactly it, and both see what it says', async () => {
    const from = (await machine.record()).length;
    const { result } = await propose('echo hello there');
    expect(result).toMatchObject({ proposal: 1, command: 'echo hello there', risk: 'reads' });
    const asked = await person.suggested();
    expect(asked.question).toMatchObject({ how: 'program', risk: 'reads', reason: 'to see why it is slow' });
    expect((await machine.record(from)).map(({ type }) => type)).not.toContain('command.started');
    await asked.approve();
    expect(await ended()).toMatchObject({ outcome: 'done', exitCode: 0 });
    expect(output()).toBe('hello there\n');
    await machine.untilRecorded(({ type }) => type === 'command.ended', from);
    const types = (await machine.record(from)).map(({ type }) => type);
    for (const type of ['command.proposed', 'command.answered', 'command.started', 'command.ended'])
      expect(types).toContain(type);
    const { machineKey } = await machine.status();
    await machine.end();
    await control.received.until('"method":"receipt"');
    const note = String(Reflect.get(Object(control.heard('receipt')[0]), 'note'));
    const receipt = openSignedJson('receipt', Receipt, note, machineKey);
    expect(receipt.commands).toMatchObject([{ command: 'echo hello there', digest: asked.question.digest }]);
    const cast = join(machine.home, 'sessions', receipt.grant.session, receipt.commands?.[0]?.recording.file ?? '');
    expect(existsSync(cast)).toBe(true);
  });

  it('does not run when the person says no, and nothing is asked again at once', async () => {
    await propose(`touch ${never()}`);
    const asked = await person.suggested();
    expect(asked.question.risk).toBe('changes');
    expect(asked.question.touches.join()).toContain(never());
    asked.decline();
    expect(await ended()).toMatchObject({ outcome: 'declined' });
    const { error } = await propose('echo again');
    expect(error?.code).toBe(BUSY);
    expect(error?.message).toContain('ask again in');
    expect(existsSync(never())).toBe(false);
    const { machineKey } = await machine.status();
    await machine.end();
    await control.received.until('"method":"receipt"');
    const note = String(Reflect.get(Object(control.heard('receipt')[0]), 'note'));
    expect(openSignedJson('receipt', Receipt, note, machineKey).commandsDeclined).toBe(1);
  });

  it('does not run under the digest of another one', async () => {
    await propose(`touch ${never()}`);
    const asked = await person.suggested();
    await asked.approve({ digest: '0'.repeat(64) });
    expect(await ended()).toMatchObject({ outcome: 'declined' });
    expect(existsSync(never())).toBe(false);
  });

  it('cannot be approved by the technician, nor by an answer of the wrong kind', async () => {
    await propose(`touch ${never()}`);
    const asked = await person.suggested();
    for (const method of ['command.answer', 'command.approve', 'prompt.answer', 'scopes.allow'])
      expect((await control.request(method, { id: asked.question.id })).error?.code).toBe(METHOD_NOT_FOUND);
    asked.decline();
    expect(await ended()).toMatchObject({ outcome: 'declined' });
  });

  it('is changed by the person, who is asked once more about their own version', async () => {
    await propose('echo from the technician');
    await (await person.suggested()).edit('echo from the person');
    const again = await person.suggested();
    expect(again.question).toMatchObject({ command: 'echo from the person', edited: true });
    await again.approve();
    expect(await ended()).toMatchObject({ outcome: 'done' });
    expect(output()).toBe('from the person\n');
    expect(JSON.stringify(control.heard('command.state').at(-1))).toContain('echo from the person');
  });

  it.each([
    ['escape sequences', 'echo \u001b]52;c;ZXZpbA==\u0007'],
    ['text that runs backwards', 'echo \u202etxt.sh'],
    ['a second line', 'echo one\nrm -rf ~'],
    ['letters that cannot be seen', 'echo a\u200bb'],
    ['nothing', '   '],
  ])('is refused, unasked, when it holds %s', async (_name, command) => {
    expect((await propose(command)).error).toBeDefined();
    expect((await machine.status()).asking).toBeNull();
  });

  it('is refused when it is longer than anyone reads', async () => {
    expect((await propose(`echo ${'x'.repeat(2000)}`)).error).toBeDefined();
    expect((await propose('echo x', 'p'.repeat(301))).error).toBeDefined();
  });

  it('is shown as a line for a shell, and as risky, when only a shell could run it', async () => {
    await propose('cat /etc/hostname | grep -c . > /dev/null; echo $((6*7))');
    const asked = await person.suggested();
    expect(asked.question).toMatchObject({ how: 'shell', risk: 'changes', similar: null });
    await asked.approve({ similar: true });
    expect(await ended()).toMatchObject({ outcome: 'done' });
    expect(output()).toBe('42\n');
    await propose('cat /etc/hostname | grep -c . > /dev/null; echo $((6*7))');
    (await person.suggested()).decline(); // asked again: there is no "similar" for a shell
  });

  it('runs unasked only when it has the form that was approved', async () => {
    await propose('stat /usr/bin');
    const asked = await person.suggested();
    expect(asked.question.similar).toBe('stat (any file in /usr)');
    await asked.approve({ similar: true });
    await ended();
    const from = control.received.end;
    await propose('stat /usr/lib');
    await control.received.until('"method":"command.result"', { from });
    expect(output()).toContain('/usr/lib');
    expect(lastState()).toMatchObject({ state: 'running', message: 'the person approved similar ones before' });
    for (const other of ['stat /usr/../root', 'stat -L /usr/lib', 'stat /etc/shadow', 'stat /usr/bin/env']) {
      const before = control.received.end;
      await propose(other);
      const question = await person.suggested();
      expect(question.question.command).toBe(other);
      await question.approve();
      await control.received.until('"method":"command.result"', { from: before });
    }
  });

  it('is not called similar where it is the very command that was approved', async () => {
    await propose('echo hello');
    const asked = await person.suggested();
    expect(asked.question.similar).toBe('echo hello');
    await asked.approve({ similar: true });
    await ended();
    expect(lastState()).toMatchObject({ message: 'the person approved it for this session' });
    const from = control.received.end;
    await propose('echo hello');
    await control.received.until('"method":"command.result"', { from });
    expect(lastState()).toMatchObject({ message: 'the person approved this command before' });
  });

  it('may be all that the technician came for, and the person reads that', async () => {
    await control.request('session.end', { finished: true });
    await control.received.until('the technician has finished');
  });

  it('is one at a time, however many are sent', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, (_, index) => propose(`echo ${index}`)));
    expect(answers.filter(({ error }) => error === undefined)).toHaveLength(1);
    expect(new Set(answers.filter(({ error }) => error).map(({ error }) => error?.code))).toEqual(new Set([BUSY]));
    (await person.suggested()).decline();
  });

  it('is over at once when the permission is taken back: no byte after it, no process left', async () => {
    const began = (await machine.record()).length;
    await propose("yes 'all the time'");
    await (await person.suggested()).approve();
    await control.received.until('command.output');
    await local.withdraw(null, ['shell.suggest']);
    await control.received.until('grant.changed');
    const from = control.received.end;
    await control.request('session.info');
    expect(control.received.text.slice(from)).not.toContain('command.output');
    await machine.untilRecorded(({ type }) => type === 'command.ended', began);
    expect(machine.sessionProcesses()).toEqual([]);
    expect((await propose('echo more')).error?.code).toBe(NOT_PERMITTED);
  });

  it('leaves the screen when the session ends, and a late approval runs nothing', async () => {
    await propose(`touch ${never()}`);
    const asked = await person.suggested();
    await Promise.all([machine.end(), asked.approve()]);
    await asked.withdrawn;
    await technician.closed;
    expect(existsSync(never())).toBe(false);
    expect(machine.sessionProcesses()).toEqual([]);
  });

  it('cannot reach the socket that answers questions, nor the keys', async () => {
    await propose(`ls ${machine.home}`);
    await (await person.suggested()).approve();
    expect(await ended()).toMatchObject({ outcome: 'done' });
    expect(output()).toBe('');
  });

  it('is what plain ssh runs with a command', async () => {
    const { promise, resolve } = Promise.withResolvers<{ text: string; code: number }>();
    technician.client.exec('uname -s', (error, channel) => {
      if (error) throw error;
      let text = '';
      channel.on('data', (chunk: Buffer) => {
        text += chunk;
      });
      channel.on('exit', (code: number) => resolve({ text, code }));
    });
    const asked = await person.suggested();
    expect(asked.question).toMatchObject({ command: 'uname -s', reason: expect.stringContaining('plain ssh') });
    await asked.approve();
    expect(await promise).toEqual({ text: 'Linux\n', code: 0 });
  });
});

describe('a request for more', () => {
  const ask = (scopes: readonly string[], reason = 'the driver has to be set up anew') =>
    control.request('scope.request', { scopes, reason });

  it('is asked with its reason, and gives what was ticked, signed anew', async () => {
    await ask(['shell']);
    const asked = await person.asked();
    expect(asked.question).toMatchObject({
      reason: 'the driver has to be set up anew',
      during: { scopes: ['diagnostics', 'shell.suggest'] },
    });
    expect(asked.question.offered).toMatchObject([{ scope: 'shell', preTicked: false }]);
    await asked.allow();
    await control.received.until('"method":"scope.answered"');
    expect(control.heard('scope.answered')).toMatchObject([{ outcome: 'allowed', scopes: ['shell'] }]);
    expect(control.heard('grant.changed')).toHaveLength(1);
    const shell = await technician.shell();
    shell.enter('echo $((6*7))');
    await shell.until('42');
  });

  it('says how long there is to answer: not longer than the session', async () => {
    await using brief = await RealMachine.start({ maxSession: '1m', scopes: { technician: ['diagnostics', 'shell'] } });
    const someone = await brief.person();
    const helper = await brief.session({ scopes: 'diagnostics' });
    const { fields } = await brief.untilRecorded(({ type }) => type === 'consent.granted');
    const more = await helper.control();
    const began = performance.now();
    await more.request('scope.request', { scopes: ['shell'], reason: 'the driver' });
    const asked = await someone.asked();
    // Two clocks are read one after the other, somewhere between the request and the question.
    const between = Math.ceil(performance.now() - began) + 1;
    expect(Date.parse(asked.question.until)).toBeLessThanOrEqual(Date.parse(String(fields.expiresAt)) + between);
  });

  it('never asks for what policy does not give, and counts the try', async () => {
    const { error } = await ask(['shell.admin']);
    expect(error?.code).toBe(NOT_PERMITTED);
    expect((await machine.status()).asking).toBeNull();
  });

  it('is not repeated: one question at a time, and after a no it takes longer and longer', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => ask(['shell'])));
    expect(answers.filter(({ error }) => error === undefined)).toHaveLength(1);
    expect((await propose('echo beside it')).error?.code).toBe(BUSY);
    (await person.asked()).deny();
    await control.received.until('"method":"scope.answered"');
    expect((await ask(['shell'])).error).toMatchObject({
      code: BUSY,
      message: expect.stringContaining('ask again in'),
    });
    expect((await machine.status()).sessions.map(({ scopes }) => scopes)).toEqual([['diagnostics', 'shell.suggest']]);
  });

  it('is denied when it is answered before anyone could have read it', async () => {
    await ask(['shell']);
    (await person.asked()).allowAtOnce(['shell']);
    await control.received.until('"method":"scope.answered"');
    expect(control.heard('scope.answered')).toMatchObject([{ outcome: 'declined', scopes: [] }]);
  });
});
