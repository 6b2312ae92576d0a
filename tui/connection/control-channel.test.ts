import { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MAX_LINE } from '../../protocol/line-codec.ts';
import { ControlChannel, type Notice } from './control-channel.ts';
import type { ProtocolBroken } from './errors.ts';

/** The machine's end: `sent` is what the technician wrote, `say` what the machine writes. */
class FakeChannel extends Duplex {
  readonly sent: { id: number; method: string; params: unknown }[] = [];

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    for (const line of chunk.toString().trim().split('\n')) this.sent.push(JSON.parse(line));
    done();
  }

  say(message: unknown): void {
    this.push(`${JSON.stringify(message)}\n`);
  }
}

let channel: FakeChannel;
let control: ControlChannel;
let notices: Notice[];
let closed: (ProtocolBroken | null)[];

beforeEach(() => {
  channel = new FakeChannel();
  notices = [];
  closed = [];
  control = new ControlChannel(channel, {
    onNotice: (notice) => notices.push(notice),
    onClosed: (broken) => closed.push(broken),
  });
});
afterEach(() => {
  control[Symbol.dispose]();
  vi.useRealTimers();
});

const now = new Date().toISOString();
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('requests', () => {
  it('are answered by their number, in any order', async () => {
    const first = control.request('diagnostics.run', { id: 'memory', parameters: {} });
    const second = control.request('diagnostics.run', { id: 'disks', parameters: {} });
    channel.say({ jsonrpc: '2.0', id: channel.sent[1]?.id, result: { run: 2 } });
    channel.say({ jsonrpc: '2.0', id: channel.sent[0]?.id, result: { run: 1 } });
    expect(await Promise.all([first, second])).toEqual([{ run: 1 }, { run: 2 }]);
  });

  it('know their answer before what the machine said after it', async () => {
    const order: string[] = [];
    const answer = control.request('diagnostics.run', { id: 'memory', parameters: {} }, () => order.push('answer'));
    const id = channel.sent[0]?.id;
    const state = { state: 'paused', message: '', at: now };
    channel.push(
      `${JSON.stringify({ jsonrpc: '2.0', id, result: { run: 1 } })}\n${JSON.stringify({ jsonrpc: '2.0', method: 'session.state', params: state })}\n`,
    );
    await answer;
    order.push(...notices.map(({ method }) => method));
    expect(order).toEqual(['answer', 'session.state']);
  });

  it('fail with the machine’s words, made safe', async () => {
    const answer = control.request('chat.send', { text: 'hello' });
    const error = { code: -32001, message: 'not \x1b[31mallowed', data: { hint: 'ask\x07 again' } };
    channel.say({ jsonrpc: '2.0', id: 1, error });
    await expect(answer).rejects.toMatchObject({ message: 'not allowed', hint: 'ask again', exitCode: 3 });
  });

  it('fail when the answer has another shape, and the channel goes on', async () => {
    const answer = control.request('diagnostics.run', { id: 'memory', parameters: {} });
    channel.say({ jsonrpc: '2.0', id: 1, result: { run: 'x' } });
    await expect(answer).rejects.toMatchObject({ name: 'ProtocolBroken' });
    expect(closed).toEqual([]);
  });

  it('fail when there is no answer in time; a late one is skipped', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const answer = control.request('session.info', {});
    vi.advanceTimersByTime(60_000);
    await expect(answer).rejects.toMatchObject({ exitCode: 6 });
    channel.say({ jsonrpc: '2.0', id: 1, result: {} });
    await settled();
    expect(closed).toEqual([]);
  });

  it('fail when the channel closes, and after that', async () => {
    const answer = control.request('session.info', {});
    channel.push(null);
    await expect(answer).rejects.toMatchObject({ exitCode: 6 });
    await expect(control.request('session.info', {})).rejects.toMatchObject({ exitCode: 6 });
    expect(closed).toEqual([null]);
  });

  it('are not sent without end, nor too long', async () => {
    const many = Array.from({ length: 65 }, () => control.request('session.info', {}));
    for (const request of many) request.catch(() => undefined);
    await expect(many[64]).rejects.toThrow('does not keep up');
    expect(channel.sent).toHaveLength(64);
    await expect(control.request('chat.send', { text: 'x'.repeat(MAX_LINE) })).rejects.toThrow();
  });
});

describe('what the machine says by itself', () => {
  it('is parsed, and nothing in it can act on the terminal', async () => {
    const evil = '\x1b]52;c;eA==\x07\x1b[2J\x9b1m\u202e';
    channel.say({
      jsonrpc: '2.0',
      method: 'chat.message',
      params: { from: 'local user', text: `a\n${evil}b`, at: now },
    });
    channel.say({
      jsonrpc: '2.0',
      method: 'audit.event',
      params: {
        seq: 1,
        time: now,
        type: `shell${evil}.opened`,
        severity: 'info',
        fields: { [`k${evil}`]: [`v${evil}`, { deep: `d${evil}` }] },
      },
    });
    channel.say({
      jsonrpc: '2.0',
      method: 'diagnostics.output',
      params: {
        run: 1,
        output: {
          kind: 'table',
          title: `t${evil}`,
          columns: [{ key: 'a', title: `c${evil}` }],
          rows: [[`r${evil}`]],
        },
      },
    });
    channel.say({ jsonrpc: '2.0', method: 'session.state', params: { state: 'paused', message: `m${evil}`, at: now } });
    await settled();
    expect(notices).toHaveLength(4);
    expect(JSON.stringify(notices).replaceAll('\\n', '')).not.toMatch(/\\u00|\x1b|\x9b|\u202e/);
    expect(notices[0]).toMatchObject({ params: { text: 'a\nb' } });
    expect(notices[1]).toMatchObject({ params: { type: 'shell.opened', fields: { k: ['v', { deep: 'd' }] } } });
  });

  it('is skipped when it is of a kind that this program does not know, but not for ever', async () => {
    for (let count = 0; count < 900; count += 1) channel.say({ jsonrpc: '2.0', method: 'future.thing', params: {} });
    await settled();
    expect(closed).toEqual([]);
    for (let count = 0; count < 200; count += 1) channel.say({ jsonrpc: '2.0', method: 'future.thing', params: {} });
    await settled();
    expect(closed).toMatchObject([{ name: 'ProtocolBroken' }]);
  });

  it('answers that nobody waits for count the same', async () => {
    for (let id = 1000; id < 2100; id += 1) channel.say({ jsonrpc: '2.0', id, result: {} });
    await settled();
    expect(closed).toMatchObject([{ name: 'ProtocolBroken' }]);
  });

  it.each([
    ['a line that is too long', Buffer.alloc(MAX_LINE + 2, 'x')],
    ['a line without end', Buffer.alloc(4 * MAX_LINE, '[')],
    ['no JSON', Buffer.from('hello\n')],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x0a])],
    ['no JSON-RPC', Buffer.from('{"method":"session.state"}\n')],
    ['an array of messages', Buffer.from('[]\n')],
    ['a request of its own', Buffer.from('{"jsonrpc":"2.0","id":1,"method":"session.info","params":{}}\n')],
    [
      'a known notice of another shape',
      Buffer.from('{"jsonrpc":"2.0","method":"session.state","params":{"state":"x"}}\n'),
    ],
    ['nesting without end', Buffer.from(`{"jsonrpc":"2.0","method":"receipt","params":${'['.repeat(60_000)}\n`)],
    [
      'nesting that is well formed',
      Buffer.from(`{"jsonrpc":"2.0","method":"x","params":${'['.repeat(60_000)}${']'.repeat(60_000)}}\n`),
    ],
  ])('closes at %s', async (_what, bytes) => {
    const waiting = control.request('session.info', {});
    channel.push(bytes);
    await expect(waiting).rejects.toMatchObject({ name: 'ProtocolBroken' });
    expect(closed).toMatchObject([{ name: 'ProtocolBroken' }]);
    channel.say({ jsonrpc: '2.0', method: 'chat.message', params: { from: 'local user', text: 'late', at: now } });
    await settled();
    expect(notices).toEqual([]);
  });
});
