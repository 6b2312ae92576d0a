// Network interfaces, the way out, and name servers, from /sys/class/net, /proc/net/route and resolv.conf.

import { isIP } from 'node:net';
import type { Probe } from '../probe.ts';

const MAX_INTERFACES = 200; // container hosts have many virtual ones
const SYS = '/sys/class/net';

export interface NetworkInterface {
  readonly name: string;
  /** `up`, `down`, `unknown` (no carrier to sense), … as the kernel says. */
  readonly state: string;
  readonly hardwareAddress: string;
  readonly kind: 'cable' | 'wireless' | 'virtual' | 'this computer';
  /** Megabits per second; null when it has none or is down. */
  readonly megabits: number | null;
  readonly receivedBytes: number;
  readonly sentBytes: number;
  /** Packets damaged or dropped by the hardware, both directions. */
  readonly errors: number;
}

export async function readInterfaces(probe: Probe): Promise<NetworkInterface[]> {
  const names = (await probe.list(SYS)).slice(0, MAX_INTERFACES);
  return Promise.all(names.map((name) => readInterface(probe, name)));
}

async function readInterface(probe: Probe, name: string): Promise<NetworkInterface> {
  const read = async (file: string) => (await probe.readText(`${SYS}/${name}/${file}`, 256))?.trim();
  const counter = async (file: string) => Number((await read(`statistics/${file}`)) ?? 0) || 0;
  const speed = Number(await read('speed')); // -1 while nothing is plugged in, unreadable while down
  const wireless =
    (await probe.list(`${SYS}/${name}/wireless`)).length > 0 || (await read('phy80211/name')) !== undefined;
  const hardware = (await probe.link(`${SYS}/${name}/device`)) !== undefined;
  return {
    name,
    state: (await read('operstate')) ?? 'unknown',
    hardwareAddress: (await read('address')) ?? '',
    kind: name === 'lo' ? 'this computer' : wireless ? 'wireless' : hardware ? 'cable' : 'virtual',
    megabits: speed > 0 ? speed : null,
    receivedBytes: await counter('rx_bytes'),
    sentBytes: await counter('tx_bytes'),
    errors: (await counter('rx_errors')) + (await counter('tx_errors')),
  };
}

export interface Gateway {
  readonly address: string;
  readonly interface: string;
  readonly metric: number;
}

/** Default routes of IPv4, the preferred one first. */
export function parseGateways(route: string): Gateway[] {
  const found: Gateway[] = [];
  for (const line of route.split('\n').slice(1)) {
    const [name, destination, gateway, , , , metric, mask] = line.trim().split(/\s+/);
    if (destination !== '00000000' || mask !== '00000000' || !/^[0-9A-F]{8}$/i.test(gateway ?? '')) continue;
    const bytes = Buffer.from(gateway ?? '', 'hex').reverse();
    found.push({ address: bytes.join('.'), interface: name ?? '', metric: Number(metric) });
  }
  return found.sort((one, other) => one.metric - other.metric);
}

/** In the order in which they are asked; the C library takes three, resolv.conf(5). */
export function parseNameServers(resolvConf: string): string[] {
  return [...resolvConf.matchAll(/^\s*nameserver\s+(\S+)/gm)]
    .map(([, address]) => address ?? '')
    .filter((address) => isIP(address) !== 0)
    .slice(0, 3);
}

export function parseSearchDomains(resolvConf: string): string[] {
  const last = [...resolvConf.matchAll(/^\s*(?:search|domain)[ \t]+(.+)$/gm)].at(-1)?.[1];
  return last === undefined ? [] : last.trim().split(/\s+/).slice(0, 6);
}
