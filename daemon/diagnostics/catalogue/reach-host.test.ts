// Reaching another computer: what is started gets a literal address after `--`, whatever was typed.

import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { play, rowsOf } from '../testing/scripted-probe.ts';
import { reachHost } from './reach-host.ts';

const PING = '2 packets transmitted, 2 received, 0% packet loss\nrtt min/avg/max/mdev = 1.0/2.0/3.0/0.1 ms\n';
const pinging = { program: () => ({ out: PING }) };

async function listener() {
  const server = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { port, [Symbol.asyncDispose]: async () => void (await once(server.close(), 'close')) };
}

describe('reaching a host', () => {
  it('looks up the name, then pings the address', async () => {
    const played = await play(reachHost, pinging, { host: 'localhost', packets: 2 });
    expect(rowsOf(played, 'Addresses')?.[0]?.[0]).toBe('this computer');
    expect(played.ran[0]?.slice(0, -1)).toEqual(['ping', '-n', '-c', '2', '-w', '4', '--']);
    expect(['127.0.0.1', '::1']).toContain(played.ran[0]?.at(-1));
    expect(played.end.message).toBe('localhost can be reached');
  });

  it('tries the port that was asked for', async () => {
    await using open = await listener();
    const played = await play(reachHost, pinging, { host: '127.0.0.1', port: open.port });
    expect(played.end.message).toBe(`127.0.0.1 can be reached, port ${open.port} is open`);
    expect(rowsOf(played, 'Reaching')).toMatchObject([
      ['127.0.0.1', 'ping', '2 of 2 packets came back', 2],
      ['127.0.0.1', `connection to port ${open.port}`, 'open: something answers there', expect.any(Number)],
    ]);
  });

  it.each([
    ['is not installed', () => undefined, 'not possible: ping is not installed'],
    [
      'is not permitted',
      () => ({ code: 2, err: 'ping: socktype: SOCK_RAW\n' }),
      'not possible: ping: socktype: SOCK_RAW',
    ],
  ])('connects instead when ping %s', async (_, program, words) => {
    const played = await play(reachHost, { program }, { host: '127.0.0.1' });
    const rows = rowsOf(played, 'Reaching') ?? [];
    expect(rows.map((row) => row[1])).toEqual(['ping', 'connection to port 443', 'connection to port 80']);
    expect(rows[0]?.[2]).toBe(words);
    expect(played.end.message).toBe('127.0.0.1 can be reached'); // open or refused: somebody is there
  });

  it('says that nobody answers', async () => {
    const program = () => ({ code: 1, out: '4 packets transmitted, 0 received, 100% packet loss\n' });
    const played = await play(reachHost, { program }, { host: '127.0.0.1' });
    expect(played.end.message).toBe('127.0.0.1 was found and does not answer');
    expect(played.outputs.at(-1)).toMatchObject({ attention: [0] });
  });

  it.each([
    '-oProxyCommand=reboot',
    '$(reboot)',
    'a; rm -rf /',
    '-c1',
    'a\nb',
    'a\0b',
    `${'x'.repeat(300)}`,
    '--',
    '127.0.0.1 -f',
  ])('starts nothing for %j', async (host) => {
    await expect(play(reachHost, pinging, { host })).rejects.toThrow('the parameter "host"');
  });
});
