// Listening sockets, in the hexadecimal of /proc/net.

import { describe, expect, it } from 'vitest';
import { parseAddress, parseSockets } from './sockets.ts';

const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const row = (local: string, state: string, uid = 0, inode = 100) =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     ${uid}        0 ${inode} 1 0000`;

describe('sockets', () => {
  it('are those that wait for connections', () => {
    const table = [
      head,
      row('0100007F:0277', '0A', 7, 1),
      row('00000000:0016', '01'),
      row('00000000:0016', '0A', 0, 2),
      'torn 0',
    ].join('\n');
    expect(parseSockets(table, 'tcp')).toEqual([
      { protocol: 'tcp', address: '127.0.0.1', port: 631, uid: 7, inode: '1' },
      { protocol: 'tcp', address: '0.0.0.0', port: 22, uid: 0, inode: '2' },
    ]);
    expect(parseSockets([head, row('00000000:14E9', '07')].join('\n'), 'udp')).toMatchObject([{ port: 5353 }]);
    expect(parseSockets([head, row('00:14E9', '0A'), row('zz000000:14E9', '0A')].join('\n'), 'tcp')).toEqual([]);
  });

  it.each([
    ['0100007F', true, '127.0.0.1'],
    ['7F000001', false, '127.0.0.1'],
    ['00000000000000000000000000000000', true, '::'],
    ['00000000000000000000000001000000', true, '::1'],
    ['B80D0120000000000000000001000000', true, '2001:db8::1'],
  ])('%s (little-endian %s) is %s', (hex, little, address) => expect(parseAddress(hex, little)).toBe(address));
});
