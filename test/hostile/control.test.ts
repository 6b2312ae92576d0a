// The control channel under a technician's program that does not keep to it.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ControlSide } from '../harness/control-side.ts';
import { RealMachine } from '../harness/real-machine.ts';
import type { Technician } from '../harness/technician.ts';
import { Transcript } from '../harness/transcript.ts';
import { expectHealthy } from './health.ts';

const INVALID_REQUEST = -32600;
const METHOD_NOT_FOUND = -32601;
const INVALID_PARAMS = -32602;
const NOT_PERMITTED = -32001;
const PAUSED = -32002;
const BUSY = -32004;
const LINE_MAX = 256 * 1024;

let machine: RealMachine;
let pid: number;
let technician: Technician;
let control: ControlSide;
beforeAll(async () => {
  machine = await RealMachine.start({ refuse: ['usb-*'] });
  pid = machine.pid;
});
beforeAll(open);
afterAll(async () => {
  await expectHealthy(machine, pid);
  await machine[Symbol.asyncDispose]();
});

/** A session with everything that may be asked for; the former one is over. */
async function open(): Promise<void> {
  await machine.end();
  technician = await machine.session();
  control = await technician.control();
}

/** Sends one line as it is; resolves with the code of the error that it got. */
async function errorFor(line: string): Promise<number | undefined> {
  const from = control.lines.length;
  const end = control.received.end;
  control.write(`${line}\n`);
  await control.received.until('"error"', { from: end });
  return control.lines.slice(from).find(({ error }) => error !== undefined)?.error?.code;
}

describe('what is no request', () => {
  it.each([
    ['not JSON', 'rm -rf /'],
    ['half of JSON', '{"jsonrpc":"2.0","id":1'],
    ['no object', '[1,2,3]'],
    ['nothing', 'null'],
    ['a batch', '[{"jsonrpc":"2.0","id":1,"method":"session.info"}]'],
    ['another version', '{"jsonrpc":"1.0","id":1,"method":"session.info"}'],
    ['an id that is an object', '{"jsonrpc":"2.0","id":{},"method":"session.info"}'],
    ['a method that is a number', '{"jsonrpc":"2.0","id":1,"method":5}'],
    ['an answer that nobody asked for', '{"jsonrpc":"2.0","id":1,"result":{}}'],
    ['keys that do not belong there', '{"jsonrpc":"2.0","id":1,"method":"session.info","__proto__":{"a":1},"x":1}'],
    ['arrays in arrays', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['objects in objects', `${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`],
    ['a lone surrogate and a NUL', '{"jsonrpc":"2.0","id":1,"method":"\\ud800\\u0000"'],
    ['bytes that are not UTF-8', Buffer.from([0xff, 0xfe, 0xc0, 0x80]).toString('latin1')],
  ])('is answered with an error: %s', async (_name, line) => {
    expect(await errorFor(line)).toBe(INVALID_REQUEST);
    expect((await control.request('session.info')).error).toBeUndefined();
  });

  it('is a diagnostic that the policy refuses, which is not listed either', async () => {
    const { error } = await control.request('diagnostics.run', { id: 'usb-devices', parameters: {} });
    expect(error).toMatchObject({ code: NOT_PERMITTED, message: expect.stringContaining("this computer's policy") });
    const listed = JSON.stringify((await control.request('diagnostics.list')).result);
    expect(listed).toContain('"id":"disks"');
    expect(listed).not.toContain('usb-devices');
  });

  it('is a method that nobody wrote down', async () => {
    for (const method of [
      'toString',
      '__proto__',
      'constructor',
      'session.start',
      'SESSION.END',
      'diagnostics.run ',
      '',
    ]) {
      expect([method, (await control.request(method)).error?.code]).toEqual([method, METHOD_NOT_FOUND]);
    }
  });

  it.each([
    ['session.info', { session: 'x' }],
    ['session.end', []],
    ['session.end', 'now'],
    ['diagnostics.run', { id: 5, parameters: {} }],
    ['diagnostics.run', { id: 'memory' }],
    ['diagnostics.run', { id: 'memory', parameters: { a: { b: 1 } } }],
    ['diagnostics.run', { id: 'memory', parameters: {}, scope: 'shell.admin' }],
    ['diagnostics.run', { id: 'x'.repeat(65), parameters: {} }],
    ['diagnostics.cancel', { run: 0 }],
    ['diagnostics.cancel', { run: 1.5 }],
    ['diagnostics.cancel', { run: '1' }],
    ['chat.send', { text: '' }],
    ['chat.send', { text: 'x'.repeat(2001) }],
    ['chat.send', { text: ['x'] }],
    ['note.add', {}],
  ])('is %s with %j', async (method, params) => {
    expect((await control.request(method, params)).error?.code).toBe(INVALID_PARAMS);
    expect((await machine.status()).sessions).toHaveLength(1);
  });

  it.each([
    ['a check that does not exist', { id: '/bin/sh', parameters: {} }],
    ['a parameter that the check does not have', { id: 'memory', parameters: { command: 'id' } }],
    ['a host that is an option', { id: 'reach-host', parameters: { host: '-oProxyCommand=id' } }],
    ['a host with a command in it', { id: 'reach-host', parameters: { host: '127.0.0.1; id' } }],
    ['no parameter where one is needed', { id: 'reach-host', parameters: {} }],
  ])('is %s', async (_name, params) => {
    const from = (await machine.record()).length;
    const { error } = await control.request('diagnostics.run', params);
    expect(error).toBeDefined();
    expect((await machine.record(from)).map(({ type }) => type)).not.toContain('diagnostic.started');
  });
});

describe('requests that come together', () => {
  it('are served one after the other, in their order, quick ones behind slow ones', async () => {
    const from = control.lines.length;
    const methods = Array.from({ length: 30 }, (_, index) => (index % 2 === 0 ? 'chat.send' : 'session.info'));
    const requests = methods.map((method, index) => ({
      jsonrpc: '2.0',
      id: `turn ${index}`,
      method,
      params: method === 'chat.send' ? { text: `line ${index}` } : {},
    }));
    control.write(requests.map((request) => `${JSON.stringify(request)}\n`).join(''));
    await control.received.until('"turn 29"');
    const answered = control.lines.slice(from).flatMap(({ id }) => (String(id).startsWith('turn ') ? [id] : []));
    expect(answered).toEqual(requests.map(({ id }) => id));
  });
});

describe('too much', () => {
  beforeEach(open);

  it('is a line without end: the channel is closed, the session is not', async () => {
    control.write('x'.repeat(LINE_MAX + 10));
    await control.closed;
    const again = await technician.control();
    expect((await again.request('session.info')).error).toBeUndefined();
  });

  it('is more checks at once than are allowed, on however many channels', async () => {
    const channels = [control, await technician.control(), await technician.control()];
    const answers = await Promise.all(
      channels.flatMap((channel) =>
        Array.from({ length: 20 }, () => channel.request('diagnostics.run', { id: 'vitals', parameters: {} })),
      ),
    );
    const started = answers.filter(({ error }) => error === undefined);
    expect(started.length).toBeGreaterThan(0);
    expect(started.length).toBeLessThanOrEqual(4);
    expect(new Set(answers.filter(({ error }) => error).map(({ error }) => error?.code))).toEqual(new Set([BUSY]));
  });

  it('is chat faster than a disk writes: it waits, and the machine does not grow', async () => {
    const before = machine.memoryMiB();
    const line = `${JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'chat.send', params: { text: 'y'.repeat(2000) } })}\n`;
    for (let index = 0; index < 40; index += 1) {
      if (!control.channel.write(line.repeat(100)))
        await new Promise((resolve) => control.channel.once('drain', resolve));
    }
    const answer = await control.request('session.info');
    expect(answer.error).toBeUndefined();
    expect(machine.memoryMiB() - before).toBeLessThan(150);
  });

  it('is asking without listening', async () => {
    control.channel.pause();
    const before = machine.memoryMiB();
    const line = `${JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'diagnostics.list' })}\n`;
    let over = false;
    void technician.closed.then(() => {
      over = true;
    });
    for (let index = 0; index < 2000 && !over; index += 1) {
      control.channel.write(line.repeat(20));
      await new Promise(setImmediate);
    }
    await machine.untilRecorded(
      ({ type, fields }) => type === 'session.ended' && String(fields.reason).includes('stopped listening'),
    );
    expect(machine.memoryMiB() - before).toBeLessThan(150);
  });
});

describe('what the session does not allow at this moment', () => {
  beforeEach(open);

  it('is a check while it is paused', async () => {
    await machine.pause();
    expect((await control.request('diagnostics.run', { id: 'memory', parameters: {} })).error?.code).toBe(PAUSED);
    await machine.resume();
    expect((await control.request('diagnostics.run', { id: 'memory', parameters: {} })).error).toBeUndefined();
  });

  it('is a check that was not ticked', async () => {
    await using other = await machine.session({ allow: ['shell'] });
    const line = await other.control();
    for (const method of ['diagnostics.list', 'diagnostics.run']) {
      const { error } = await line.request(
        method,
        method === 'diagnostics.run' ? { id: 'memory', parameters: {} } : undefined,
      );
      expect(error?.code).toBe(NOT_PERMITTED);
    }
    await machine.untilRecorded(({ type, fields }) => type === 'ssh.refused' && fields.what === 'control diagnostics');
  });
});

describe('what travels in chat', () => {
  it('reaches the person whole, in lines that one message of the socket holds', async () => {
    const lines = new Transcript();
    const local = await machine.connectLocal();
    await local.watch({
      onSession: () => undefined,
      onFrame: () => undefined,
      onNotice: (_session, line) => lines.append(`${line}\n`),
      onReceipt: () => undefined,
    });
    const text = Array.from({ length: 2000 }, (_, index) => 'abcdefghij'[index % 10]).join('');
    await control.request('chat.send', { text: `${text.slice(0, 1990)} the end.` });
    await lines.until('the end.');
    const said = lines.text.split('\n').filter((line) => line !== '' && !line.startsWith('The technician tried'));
    expect(said.length).toBeGreaterThan(1);
    expect(said.map((line) => line.replace('Dana Roe: ', '')).join('')).toBe(`${text.slice(0, 1990)} the end.`);
  });

  it('is text, without anything that a terminal obeys', async () => {
    const watching: string[] = [];
    const local = await machine.connectLocal();
    await local.watch({
      onSession: () => undefined,
      onFrame: () => undefined,
      onNotice: (_session, line) => void watching.push(line),
      onReceipt: () => undefined,
    });
    await control.request('chat.send', { text: 'hello \u001b]52;c;ZXZpbA==\u0007\u001b[2J\u009b31m\u202edlrow' });
    await machine.untilRecorded(({ type }) => type === 'chat.message');
    await control.received.until('chat.message');
    const [message] = control.heard('chat.message');
    for (const seen of [JSON.stringify(message), watching.join()]) {
      expect(seen).not.toMatch(/[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u202e]|\\u00(1b|07|9b)/);
    }
  });
});
