// Is the machine connected at all: interfaces, addresses, the way out, and the name servers it was given.

import { networkInterfaces as addressesOfSystem } from 'node:os';
import { count } from '../amounts.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { parseGateways, parseNameServers, parseSearchDomains, readInterfaces } from '../linux/interfaces.ts';

export const networkInterfaces: Diagnostic = {
  descriptor: {
    id: 'network-interfaces',
    title: 'Network connections',
    purpose: 'Shows the cable, wireless and other network connections of this computer, and their addresses.',
    risk: 'none',
    platforms: ['linux'],
    parameters: [],
    timeoutMs: 10_000,
    streams: false,
  },
  async run({ probe, emit }) {
    const interfaces = await readInterfaces(probe);
    const addresses = addressesOfSystem();
    const rows = interfaces.map((one) => {
      const own = (addresses[one.name] ?? []).map((address) => address.cidr ?? address.address);
      return { one, own, connected: own.length > 0 && one.kind !== 'this computer' };
    });
    await emit({
      kind: 'table',
      title: 'Network interfaces',
      columns: [
        { key: 'name', title: 'Name' },
        { key: 'kind', title: 'Kind' },
        { key: 'state', title: 'State' },
        { key: 'addresses', title: 'Addresses' },
        { key: 'hardware', title: 'Hardware address' },
        { key: 'speed', title: 'Mbit/s', align: 'right' },
        { key: 'received', title: 'Received', align: 'right', unit: 'bytes' },
        { key: 'sent', title: 'Sent', align: 'right', unit: 'bytes' },
        { key: 'errors', title: 'Errors', align: 'right', unit: 'count' },
      ],
      rows: rows.map(({ one, own }) => [
        one.name,
        one.kind,
        one.state,
        own.join(', '),
        one.hardwareAddress,
        one.megabits,
        one.receivedBytes,
        one.sentBytes,
        one.errors,
      ]),
      attention: rows.flatMap(({ one }, row) => (one.errors > 0 ? [row] : [])),
    });
    const gateways = parseGateways((await probe.readText('/proc/net/route')) ?? '');
    const resolv = (await probe.readText('/etc/resolv.conf')) ?? '';
    const nameServers = parseNameServers(resolv);
    await emit({
      kind: 'facts',
      title: 'The way out',
      items: [
        gateways.length === 0
          ? { label: 'Router', value: 'none: this computer cannot reach beyond its own network', attention: true }
          : { label: 'Router', value: gateways.map((way) => `${way.address} by ${way.interface}`).join(', ') },
        nameServers.length === 0
          ? { label: 'Name servers', value: 'none', attention: true }
          : { label: 'Name servers', value: nameServers.join(', ') },
        { label: 'Search domains', value: parseSearchDomains(resolv).join(', ') || 'none' },
      ],
    });
    const connected = rows.filter((row) => row.connected).length;
    if (connected === 0) return 'this computer is not connected to any network';
    const way = gateways.length === 0 ? 'no router' : `router ${gateways[0]?.address}`;
    return `${count(connected, 'network connection')}, ${way}`;
  },
};
