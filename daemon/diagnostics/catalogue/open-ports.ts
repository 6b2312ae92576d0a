// What waits for connections on this machine, and whether the network can reach it.

import { count } from '../amounts.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { readAccounts } from '../linux/accounts.ts';
import { type ListeningSocket, readListening, socketOwners } from '../linux/sockets.ts';

const LOCAL = /^(127\.|::1$|::ffff:7f)/;

export const openPorts: Diagnostic = {
  descriptor: {
    id: 'open-ports',
    title: 'Open ports',
    purpose: 'Shows which programs wait for connections, and whether other computers can reach them.',
    risk: 'none',
    platforms: ['linux'],
    parameters: [],
    timeoutMs: 20_000,
    streams: false,
  },
  async run({ probe, emit }) {
    const sockets = merge(await readListening(probe));
    const owners = await socketOwners(probe, new Set(sockets.map((socket) => socket.inode)));
    const account = await readAccounts(
      probe,
      sockets.map((socket) => socket.uid),
    );
    await emit({
      kind: 'table',
      title: 'Programs that wait for connections',
      columns: [
        { key: 'port', title: 'Port', align: 'right' },
        { key: 'protocol', title: 'Protocol' },
        { key: 'address', title: 'Address' },
        { key: 'reachable', title: 'Reachable from' },
        { key: 'program', title: 'Program' },
        { key: 'pid', title: 'Number', align: 'right' },
        { key: 'user', title: 'Run by' },
      ],
      rows: sockets.map((socket) => {
        const owner = owners.get(socket.inode);
        return [
          socket.port,
          socket.protocol,
          socket.address,
          LOCAL.test(socket.address) ? 'this computer only' : 'the network',
          owner?.name ?? null,
          owner?.pid ?? null,
          account(socket.uid),
        ];
      }),
    });
    const hidden = sockets.filter((socket) => !owners.has(socket.inode)).length;
    const outside = sockets.filter((socket) => !LOCAL.test(socket.address)).length;
    return `${count(sockets.length, 'open port')}, ${outside} reachable from the network${
      hidden === 0
        ? ''
        : `; ${count(hidden, 'program')} could not be named${process.getuid?.() === 0 ? '' : ' without administrator rights'}`
    }`;
  },
};

/** One row per protocol, address and port, in the order of ports: workers share a door. */
function merge(sockets: readonly ListeningSocket[]): ListeningSocket[] {
  const doors = new Map(sockets.map((socket) => [`${socket.protocol} ${socket.address} ${socket.port}`, socket]));
  return [...doors.values()].sort(
    (one, other) =>
      one.port - other.port || one.protocol.localeCompare(other.protocol) || one.address.localeCompare(other.address),
  );
}
