// Interfaces, routers and name servers as the system keeps them.

import { describe, expect, it } from 'vitest';
import { scriptedProbe } from '../testing/scripted-probe.ts';
import { parseGateways, parseNameServers, parseSearchDomains, readInterfaces } from './interfaces.ts';

describe('interfaces', () => {
  it('are cable, wireless, virtual or the computer itself', async () => {
    const sys = '/sys/class/net';
    const found = await readInterfaces(
      scriptedProbe({
        files: {
          [`${sys}/eth0/operstate`]: 'up\n',
          [`${sys}/eth0/speed`]: '1000\n',
          [`${sys}/eth0/statistics/rx_bytes`]: '10\n',
          [`${sys}/eth0/statistics/rx_errors`]: '2\n',
          [`${sys}/eth0/statistics/tx_errors`]: '3\n',
          [`${sys}/wlan0/wireless/status`]: '0',
          [`${sys}/wlan0/speed`]: '-1\n',
          [`${sys}/docker0/operstate`]: 'down\n',
          [`${sys}/lo/operstate`]: 'unknown\n',
        },
        links: { [`${sys}/eth0/device`]: 'x', [`${sys}/wlan0/device`]: 'x' },
      }),
    );
    expect(found.map((one) => [one.name, one.kind, one.state, one.megabits, one.receivedBytes, one.errors])).toEqual([
      ['docker0', 'virtual', 'down', null, 0, 0],
      ['eth0', 'cable', 'up', 1000, 10, 5],
      ['lo', 'this computer', 'unknown', null, 0, 0],
      ['wlan0', 'wireless', 'unknown', null, 0, 0],
    ]);
  });

  it('have a way out: the default route with the lowest metric', () => {
    const table = `Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT
eth0 000200C0 00000000 0001 0 0 0 00FFFFFF 0 0 0
wlan0 00000000 0102A8C0 0003 0 0 600 00000000 0 0 0
eth0 00000000 010200C0 0003 0 0 100 00000000 0 0 0
`;
    expect(parseGateways(table).map((way) => `${way.address} ${way.interface}`)).toEqual([
      '192.0.2.1 eth0',
      '192.168.2.1 wlan0',
    ]);
    expect(parseGateways('')).toEqual([]);
  });

  it('have name servers, of which three are asked, all of them addresses', () => {
    const text =
      '# nameserver 9.9.9.9\nnameserver 192.0.2.1\nnameserver ::1\nnameserver $(x)\nnameserver -x\nnameserver 192.0.2.2\nnameserver 192.0.2.3\nsearch a.example b.example\n';
    expect(parseNameServers(text)).toEqual(['192.0.2.1', '::1', '192.0.2.2']);
    expect(parseSearchDomains(text)).toEqual(['a.example', 'b.example']);
    expect(parseSearchDomains('')).toEqual([]);
  });
});
