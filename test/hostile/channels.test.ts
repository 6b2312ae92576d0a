// A technician whom the person has let in, and whose program then misuses the channels that it may have.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RealMachine } from '../harness/real-machine.ts';
import type { Technician } from '../harness/technician.ts';
import { expectHealthy } from './health.ts';
import { flag, HostilePeer, MESSAGE, type OpenChannel, ptyRequest, text, u32 } from './hostile-peer.ts';

const CHANNELS_AT_ONCE = 10; // what OpenSSH allows too

let machine: RealMachine;
let pid: number;
let technician: Technician;
let peer: HostilePeer;
beforeAll(async () => {
  machine = await RealMachine.start();
  pid = machine.pid;
});
beforeEach(async () => {
  technician = await machine.session();
  peer = new HostilePeer(technician.client);
});
afterEach(async () => {
  await machine.end();
  await technician[Symbol.asyncDispose]();
});
afterAll(async () => {
  await expectHealthy(machine, pid);
  await machine[Symbol.asyncDispose]();
});

async function session(wish?: Parameters<HostilePeer['openChannel']>[1]): Promise<OpenChannel> {
  const channel = await peer.openChannel('session', wish);
  if (channel === null) throw new Error('the channel was refused');
  return channel;
}

/** A shell on its own channel, made of raw packets. */
async function shell(wish?: Parameters<HostilePeer['openChannel']>[1]): Promise<OpenChannel> {
  const channel = await session(wish);
  expect(await peer.channelRequest(channel, 'pty-req', ptyRequest(80, 24))).toBe(true);
  expect(await peer.channelRequest(channel, 'shell')).toBe(true);
  return channel;
}

async function untilOutput(channel: OpenChannel, wanted: string): Promise<void> {
  await peer.output(channel).until(wanted);
}

async function untilRefused(what: string, detail?: string): Promise<void> {
  const [live] = (await machine.status()).sessions;
  await machine.untilRecorded(
    ({ type, session: id, fields }) =>
      type === 'ssh.refused' &&
      id === live?.id &&
      fields.what === what &&
      (detail === undefined || String(fields.detail).includes(detail)),
  );
}

describe('channels', () => {
  it('are few at once, and free again when one is closed', async () => {
    const open: OpenChannel[] = [];
    for (let index = 0; index < CHANNELS_AT_ONCE; index += 1) open.push(await session());
    expect(await peer.openChannel()).toBeNull();
    await untilRefused('channel session', 'too many at once');
    const [first] = open;
    if (first !== undefined) await peer.channelRequest(first, 'pty-req', ptyRequest(80, 24));
    if (first !== undefined) await peer.channelRequest(first, 'shell');
    peer.send(MESSAGE.channelClose, u32(first?.remote ?? 0));
    await peer.until(({ name, args }) => name === 'CHANNEL_CLOSE' && args[0] === first?.own);
    expect(await peer.openChannel()).not.toBeNull();
  });

  it('that take no bytes at a time are refused', async () => {
    for (const packet of [0, 1, 255])
      expect([packet, await peer.openChannel('session', { packet })]).toEqual([packet, null]);
    await untilRefused('channel session', 'packet');
  });

  it('take nothing beyond their window, and cost the session where one overruns it', async () => {
    const channel = await shell();
    await machine.pause();
    const before = machine.memoryMiB();
    const block = Buffer.alloc(30_000, 'x');
    let over = false;
    void technician.closed.then(() => {
      over = true;
    });
    for (let sent = 0; sent < 1_000_000_000 && !over; sent += block.length) {
      peer.data(channel, block);
      if (sent % 3_000_000 === 0) await new Promise(setImmediate);
    }
    await technician.closed;
    expect(machine.memoryMiB() - before).toBeLessThan(120);
    await machine.untilRecorded(({ type, fields }) => type === 'ssh.refused' && fields.what === 'channel data');
  });

  it('may be tiny, slow and closed in the middle of everything', async () => {
    const tiny = await shell({ window: 1 });
    peer.data(tiny, 'yes\r');
    const half = await shell({ window: 0 });
    peer.data(half, 'yes\r');
    peer.send(MESSAGE.channelEof, u32(half.remote));
    peer.send(MESSAGE.channelClose, u32(half.remote));
    peer.send(MESSAGE.channelClose, u32(half.remote));
    peer.send(MESSAGE.channelData, u32(half.remote), text('after the close'));
    peer.send(MESSAGE.windowAdjust, u32(half.remote), u32(0xffff_ffff));
    peer.send(MESSAGE.channelData, u32(4000), text('to nobody'));
    peer.send(MESSAGE.channelExtendedData, u32(tiny.remote), u32(7), text('odd'));
    peer.send(MESSAGE.channelOpenConfirmation, u32(3), u32(3), u32(1), u32(1));
    const honest = await shell();
    peer.data(honest, 'echo $((6*7))\r');
    await untilOutput(honest, '42');
    expect(peer.output(tiny).text.length).toBeLessThanOrEqual(1);
  });

  it('stand a window that is larger than any number', async () => {
    const channel = await shell({ window: 0xffff_ffff });
    for (let index = 0; index < 10; index += 1) peer.send(MESSAGE.windowAdjust, u32(channel.remote), u32(0xffff_ffff));
    peer.data(channel, 'head -c 3000000 /dev/zero | tr "\\0" x; echo; echo do""ne\r');
    await untilOutput(channel, 'done');
  });
});

describe('a shell', () => {
  it('is not started twice on one channel', async () => {
    const channel = await shell();
    expect(await peer.channelRequest(channel, 'shell')).toBe(false);
    expect(await peer.channelRequest(channel, 'pty-req', ptyRequest(80, 24))).toBe(false);
    expect(await peer.channelRequest(channel, 'subsystem', text('chaperone'))).toBe(false);
    await untilRefused('channel request shell', 'already');
    peer.data(channel, 'echo $((6*7))\r');
    await untilOutput(channel, '42');
  });

  it('is not started without a terminal', async () => {
    const channel = await session();
    expect(await peer.channelRequest(channel, 'shell')).toBe(false);
    await untilRefused('channel request shell', 'no terminal');
  });

  it('gets a size that a terminal can have, whatever was asked for', async () => {
    const channel = await session();
    expect(await peer.channelRequest(channel, 'pty-req', ptyRequest(0, 0))).toBe(true);
    expect(await peer.channelRequest(channel, 'shell')).toBe(true);
    const sizes: [number, number, string][] = [
      [0, 0, '24 80'],
      [0x7fff_ffff, 0x7fff_ffff, '300 500'],
      [0x8000_0000, 0xffff_ffff, '300 500'],
      [1, 1, '1 1'],
      [132, 43, '43 132'],
    ];
    for (const [index, [cols, rows, expected]] of sizes.entries()) {
      peer.send(
        MESSAGE.channelRequest,
        u32(channel.remote),
        text('window-change'),
        flag(false),
        u32(cols),
        u32(rows),
        u32(0),
        u32(0),
      );
      peer.data(channel, `echo "[${index}:$(stty size)]"\r`);
      await untilOutput(channel, `[${index}:${expected}]`);
    }
  });

  it('stands a storm of sizes', async () => {
    const channel = await shell();
    const change = (cols: number) =>
      peer.send(
        MESSAGE.channelRequest,
        u32(channel.remote),
        text('window-change'),
        flag(false),
        u32(cols),
        u32(30),
        u32(0),
        u32(0),
      );
    for (let index = 0; index < 20_000; index += 1) change(40 + (index % 100));
    change(101);
    peer.data(channel, 'echo "[$(stty size)]"\r');
    await untilOutput(channel, '[30 101]');
  });

  it('hears the signals of SSH and no others', async () => {
    const channel = await shell();
    for (const name of ['STOP', 'CONT', 'WINCH', 'SIGKILL', '9', 'KILL; reboot', '', '\u001b[2J', 'x'.repeat(5000)]) {
      peer.send(MESSAGE.channelRequest, u32(channel.remote), text('signal'), flag(false), text(name));
    }
    peer.data(channel, `sh -c "trap 'echo got''it' USR1; echo re''ady; while :; do sleep 0.05; done"\r`);
    await untilOutput(channel, 'ready');
    peer.send(MESSAGE.channelRequest, u32(channel.remote), text('signal'), flag(false), text('USR1'));
    await untilOutput(channel, 'gotit');
  });

  it('stands a storm of signals, and can still be ended', async () => {
    const channel = await shell();
    for (let index = 0; index < 5_000; index += 1) {
      peer.send(MESSAGE.channelRequest, u32(channel.remote), text('signal'), flag(false), text('USR1'));
    }
    await machine.end();
    expect(machine.sessionProcesses()).toEqual([]);
  });
});

describe('the environment of a shell', () => {
  it('holds nothing that the technician smuggled in', async () => {
    const channel = await session();
    const set = (name: string, value: string) => peer.channelRequest(channel, 'env', text(name), text(value));
    expect(await set('LD_PRELOAD', '/tmp/evil.so')).toBe(false);
    expect(await set('BASH_ENV', '/tmp/evil.sh')).toBe(false);
    expect(await set('LANG', 'de_DE.UTF-8')).toBe(true);
    expect(await set('LC_TIME', '\u001b]0;evil\u0007\nPATH=/tmp/evil')).toBe(true);
    expect(await set('LC_PAPER', `C$(touch ${machine.root}/never)`)).toBe(true);
    expect(await set('LC_X', 'x'.repeat(20_000))).toBe(true);
    expect(await set('LC_A=B', 'x')).toBe(false);
    expect(await set('LC_A\0LD_PRELOAD', '/tmp/evil.so')).toBe(false);
    for (const first of 'ABCDEFGH') for (const second of 'ABCDEFGH') void set(`LC_${first}${second}`, 'C');
    expect(await peer.channelRequest(channel, 'pty-req', ptyRequest(200, 50, '../../../tmp/evil\u001b[2J'))).toBe(true);
    expect(await peer.channelRequest(channel, 'shell')).toBe(true);
    peer.data(channel, 'env | cat -v; env | grep -c ^LC_; echo "[$TERM]"; echo do""ne\r');
    await untilOutput(channel, 'done');
    const environment = peer.output(channel).text;
    expect(environment).toContain('LANG=de_DE.UTF-8');
    expect(environment).toContain('LC_TIME=C.UTF-8');
    expect(environment).toContain('LC_PAPER=C.UTF-8');
    expect(environment).toContain('[xterm-256color]');
    expect(environment).not.toMatch(/evil|never|LD_PRELOAD|BASH_ENV|LC_A=|CHAPERONE_HOME|NODE_/);
    const [, languages] = /^(\d+)\r?$/m.exec(environment) ?? [];
    expect(Number(languages)).toBeLessThanOrEqual(20);
    await untilRefused('environment LD_PRELOAD');
  });
});
