// Asking other computers, played with servers on this one.

import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { tryConnect } from './connect.ts';
import { askNameServer, lookUpLikePrograms, unlessAborted } from './name-lookup.ts';
import { parsePing } from './ping.ts';
import { askTimeServer } from './time-server.ts';

const never = new AbortController().signal;

async function udpServer(answer: (request: Buffer) => readonly Buffer[]) {
  const socket: Socket = createSocket('udp4');
  socket.on('message', (request, from) => {
    for (const reply of answer(request)) socket.send(reply, from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { port: socket.address().port, socket, [Symbol.dispose]: () => void socket.close() };
}

/** A DNS answer to an A question with one address, no such name for the rest. */
function dnsAnswer(request: Buffer, address: number[]): Buffer {
  const question = request.subarray(12, request.indexOf(0, 12) + 5);
  const known = question.readUInt16BE(question.length - 4) === 1;
  const header = Buffer.from([
    request[0] ?? 0,
    request[1] ?? 0,
    0x81,
    known ? 0x80 : 0x83,
    0,
    1,
    0,
    known ? 1 : 0,
    0,
    0,
    0,
    0,
  ]);
  const record = Buffer.from([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address]);
  return Buffer.concat([header, question, ...(known ? [record] : [])]);
}

describe('names', () => {
  it('are answered by the name server that is asked', async () => {
    using server = await udpServer((request) => [dnsAnswer(request, [192, 0, 2, 7])]);
    const found = await askNameServer(`127.0.0.1:${server.port}`, 'printer.example', never);
    expect(found).toMatchObject({ addresses: ['192.0.2.7'] });
    expect(found.problem).toBeUndefined();
  });

  it('have no answer when the run is stopped while the server is silent', async () => {
    const abort = new AbortController();
    using server = await udpServer(() => {
      abort.abort();
      return [];
    });
    expect((await askNameServer(`127.0.0.1:${server.port}`, 'printer.example', abort.signal)).addresses).toEqual([]);
  });

  it('are looked up as programs do, and say in words why not', async () => {
    expect((await lookUpLikePrograms('localhost', never)).addresses).toEqual(expect.arrayContaining(['127.0.0.1']));
    const stopped = await lookUpLikePrograms('localhost', AbortSignal.abort());
    expect(stopped).toMatchObject({ addresses: [], problem: expect.any(String) });
  });

  it('do not hold up a run that is stopped', async () => {
    const abort = new AbortController();
    const waiting = unlessAborted(new Promise(() => undefined), abort.signal);
    abort.abort();
    await expect(waiting).rejects.toThrow();
  });
});

describe('a connection', () => {
  it('is open, or refused by a computer that is there', async () => {
    const server = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    expect(await tryConnect('127.0.0.1', port, never)).toMatchObject({ result: 'open' });
    server.close();
    await once(server, 'close');
    expect(await tryConnect('127.0.0.1', port, never)).toMatchObject({ result: 'refused' });
    await expect(tryConnect('127.0.0.1', port, AbortSignal.abort())).rejects.toThrow();
  });
});

describe('ping', () => {
  it('is read in the wording of iputils and of BusyBox', () => {
    const iputils =
      '2 packets transmitted, 1 received, 50% packet loss, time 1001ms\nrtt min/avg/max/mdev = 0.031/0.034/0.038/0.003 ms\n';
    expect(parsePing(iputils, '')).toEqual({ sent: 2, received: 1, average: 0.034, worst: 0.038 });
    const busybox =
      '4 packets transmitted, 4 packets received, 0% packet loss\nround-trip min/avg/max = 1.0/2.5/4.0 ms\n';
    expect(parsePing(busybox, '')).toEqual({ sent: 4, received: 4, average: 2.5, worst: 4 });
    expect(parsePing('3 packets transmitted, 0 received, 100% packet loss\n', '')).toMatchObject({
      received: 0,
      average: null,
    });
    expect(parsePing('', '\nping: socktype: SOCK_RAW\n')).toMatchObject({
      sent: 0,
      problem: 'ping: socktype: SOCK_RAW',
    });
  });
});

describe('a time server', () => {
  const NTP_1970 = 2_208_988_800;
  /** An answer `ahead` milliseconds ahead of this clock. */
  const reply = (request: Buffer, ahead: number, change: (packet: Buffer) => void = () => undefined): Buffer => {
    const packet = Buffer.alloc(48);
    packet[0] = 0x24;
    packet[1] = 2;
    request.copy(packet, 24, 40, 48);
    for (const at of [32, 40]) {
      const now = Date.now() + ahead;
      packet.writeUInt32BE(Math.floor(now / 1000) + NTP_1970, at);
      packet.writeUInt32BE(Math.floor(((now % 1000) / 1000) * 2 ** 32), at + 4);
    }
    change(packet);
    return packet;
  };

  it('tells how far this clock is behind', async () => {
    using server = await udpServer((request) => [reply(request, 90_000)]);
    const answer = await askTimeServer('127.0.0.1', never, server.port);
    expect(Math.round((answer?.offset ?? 0) / 10_000)).toBe(9);
  });

  it('is not believed when it did not get our question, has no time itself, or is no server', async () => {
    using server = await udpServer((request) => [
      reply(request, 0, (packet) => packet.fill(7, 24, 32)),
      reply(request, 0, (packet) => packet.writeUInt8(0, 1)),
      reply(request, 0, (packet) => packet.writeUInt8(16, 1)),
      reply(request, 0, (packet) => packet.writeUInt8(0x23, 0)),
      Buffer.alloc(10),
      reply(request, -90_000),
    ]);
    const answer = await askTimeServer('127.0.0.1', never, server.port);
    expect(Math.round((answer?.offset ?? 0) / 10_000)).toBe(-9);
  });

  it('is not waited for once the run is stopped', async () => {
    const abort = new AbortController();
    using server = await udpServer(() => {
      abort.abort();
      return [];
    });
    await expect(askTimeServer('127.0.0.1', abort.signal, server.port)).rejects.toThrow();
  });
});
