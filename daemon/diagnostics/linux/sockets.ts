// Open doors of the machine: listening sockets from /proc/net, read as numbers so that no name can forge a line.

import type { Probe } from '../probe.ts';
import { inBatches, listProcesses, type Process } from './processes.ts';

const TCP_LISTEN = '0A';
const UDP_UNCONNECTED = '07';
const HEX_ADDRESS = /^([0-9A-F]{8}|[0-9A-F]{32})$/i;
const MAX_SOCKET_TABLE_BYTES = 4 * 1024 * 1024; // about 25,000 sockets
const MAX_OPEN_FILES = 200_000; // looked at in total, to find owners

export interface ListeningSocket {
  readonly protocol: 'tcp' | 'udp';
  readonly address: string;
  readonly port: number;
  readonly uid: number;
  readonly inode: string;
}

export async function readListening(probe: Probe): Promise<ListeningSocket[]> {
  const tables = await Promise.all(
    (['tcp', 'tcp6', 'udp', 'udp6'] as const).map(async (table) => {
      const text = (await probe.readText(`/proc/net/${table}`, MAX_SOCKET_TABLE_BYTES)) ?? '';
      return parseSockets(text, table.startsWith('tcp') ? 'tcp' : 'udp');
    }),
  );
  return tables.flat();
}

export function parseSockets(table: string, protocol: 'tcp' | 'udp'): ListeningSocket[] {
  const wanted = protocol === 'tcp' ? TCP_LISTEN : UDP_UNCONNECTED;
  const found: ListeningSocket[] = [];
  for (const line of table.split('\n').slice(1)) {
    const [, local, , state, , , , uid, , inode] = line.trim().split(/\s+/);
    const [address, port] = (local ?? '').split(':');
    if (state !== wanted || port === undefined || inode === undefined) continue;
    if (address === undefined || !HEX_ADDRESS.test(address)) continue;
    found.push({
      protocol,
      address: parseAddress(address),
      port: Number.parseInt(port, 16),
      uid: Number(uid),
      inode,
    });
  }
  return found;
}

/** The kernel prints 32-bit words in the byte order of the machine; all that Node runs on Linux are little-endian but s390x. */
export function parseAddress(hex: string, littleEndian = isLittleEndian()): string {
  const raw = Buffer.from(hex, 'hex');
  if (littleEndian) raw.swap32();
  if (raw.length === 4) return raw.join('.');
  const groups = Array.from({ length: 8 }, (_, index) => raw.readUInt16BE(index * 2).toString(16));
  // The URL parser writes RFC 5952; own code for "::" would be longer than this file.
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

const isLittleEndian = () => new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Socket inode → the process that holds it. Only root sees those of other users. */
export async function socketOwners(probe: Probe, inodes: ReadonlySet<string>): Promise<Map<string, Process>> {
  const owners = new Map<string, Process>();
  let looked = 0;
  for (const process of await listProcesses(probe)) {
    if (owners.size === inodes.size || looked > MAX_OPEN_FILES) break;
    const folder = `/proc/${process.pid}/fd`;
    const files = await probe.list(folder);
    looked += files.length;
    await inBatches(files, async (file) => {
      const inode = /^socket:\[(\d+)\]$/.exec((await probe.link(`${folder}/${file}`)) ?? '')?.[1];
      if (inode !== undefined && inodes.has(inode) && !owners.has(inode)) owners.set(inode, process);
    });
  }
  return owners;
}
