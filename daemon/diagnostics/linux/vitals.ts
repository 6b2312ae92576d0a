// Counters of the whole machine at one moment, and the rates between two moments; a reading costs one or two milliseconds.

import type { DiagnosticSample } from '../../../protocol/diagnostics.ts';
import { MAX_CORES, MAX_FILE_SYSTEMS } from '../../../protocol/diagnostics.ts';
import type { Probe } from '../probe.ts';
import { type CpuTicks, cpuPercent, type Memory, parseCpu, parseLoad, parseMemory } from './kernel-tables.ts';
import { parseMounts } from './mounts.ts';

const SECTOR_BYTES = 512; // of /proc/diskstats, whatever the drive uses
const STAT_BYTES = 4 * 1024 * 1024; // interrupt lines are long on big machines; the processors come first
const USAGE_EVERY_MS = 10_000; // disks fill slowly

export interface Counters {
  readonly received: number;
  readonly sent: number;
}

export interface Vitals {
  /** Monotonic milliseconds. */
  readonly at: number;
  readonly time: number;
  readonly cpu: { readonly all: CpuTicks; readonly cores: readonly CpuTicks[] };
  readonly memory: Memory;
  readonly load: [number, number, number];
  readonly disk: { readonly read: number; readonly written: number };
  readonly network: Counters;
  /** What carries bytes of the network to count: found once. */
  readonly devices: { readonly disks: ReadonlySet<string>; readonly interfaces: ReadonlySet<string> };
  readonly fileSystems: DiagnosticSample['fileSystems'];
  readonly measuredAt: number;
}

/** `earlier` lends what changes slowly. */
export async function readVitals(probe: Probe, earlier?: Vitals): Promise<Vitals> {
  const at = performance.now();
  const devices = earlier?.devices ?? (await findDevices(probe));
  const fresh = earlier !== undefined && at - earlier.measuredAt < USAGE_EVERY_MS;
  const [stat, meminfo, loadavg, diskstats, netdev, fileSystems] = await Promise.all([
    probe.readText('/proc/stat', STAT_BYTES),
    probe.readText('/proc/meminfo'),
    probe.readText('/proc/loadavg'),
    probe.readText('/proc/diskstats'),
    probe.readText('/proc/net/dev'),
    fresh ? earlier.fileSystems : measureFileSystems(probe),
  ]);
  return {
    at,
    time: Date.now(),
    cpu: parseCpu(stat ?? ''),
    memory: parseMemory(meminfo ?? ''),
    load: parseLoad(loadavg ?? ''),
    disk: sumDisks(diskstats ?? '', devices.disks),
    network: sumInterfaces(netdev ?? '', devices.interfaces),
    devices,
    fileSystems,
    measuredAt: fresh ? earlier.measuredAt : at,
  };
}

export function sampleBetween(before: Vitals, after: Vitals): DiagnosticSample {
  const seconds = Math.max(0.001, (after.at - before.at) / 1000);
  // Counters can fall when a device is unplugged: that is no traffic.
  const rate = (earlier: number, later: number) => Math.max(0, Math.round((later - earlier) / seconds));
  const oneDigit = (value: number) => Math.round(value * 10) / 10;
  const { memory } = after;
  return {
    kind: 'sample',
    time: after.time,
    cpu: {
      total: oneDigit(cpuPercent(before.cpu.all, after.cpu.all)),
      cores: after.cpu.cores
        .slice(0, MAX_CORES)
        .map((core, index) => oneDigit(cpuPercent(before.cpu.cores[index] ?? core, core))),
    },
    memory: { used: Math.max(0, memory.total - memory.available), total: memory.total },
    swap: { used: Math.max(0, memory.swapTotal - memory.swapFree), total: memory.swapTotal },
    disk: {
      readPerSecond: rate(before.disk.read, after.disk.read),
      writtenPerSecond: rate(before.disk.written, after.disk.written),
    },
    fileSystems: after.fileSystems,
    network: {
      receivedPerSecond: rate(before.network.received, after.network.received),
      sentPerSecond: rate(before.network.sent, after.network.sent),
    },
    load: after.load,
  };
}

/** Real drives and real network cards, so that nothing is counted twice by what lies on top of them. */
async function findDevices(probe: Probe): Promise<Vitals['devices']> {
  const real = async (folder: string, otherwise: (name: string) => boolean) => {
    const names = await probe.list(folder);
    const linked = await Promise.all(names.map((name) => probe.link(`${folder}/${name}/device`)));
    const found = names.filter((_, index) => linked[index] !== undefined);
    return new Set(found.length > 0 ? found : names.filter(otherwise));
  };
  return {
    disks: await real('/sys/block', (name) => !/^(loop|ram|zram|dm-|md)/.test(name)),
    interfaces: await real('/sys/class/net', (name) => name !== 'lo'), // containers have only virtual ones
  };
}

/** Local ones only: a network folder whose server is gone would hold up the samples. */
async function measureFileSystems(probe: Probe): Promise<DiagnosticSample['fileSystems']> {
  const mounts = parseMounts((await probe.readText('/proc/self/mountinfo')) ?? '').filter((mount) => !mount.remote);
  const measured = await Promise.all(
    mounts.slice(0, MAX_FILE_SYSTEMS).map(async ({ mount }) => {
      const usage = await probe.usage(mount);
      return usage === undefined ? [] : [{ mount, used: usage.usedBytes, total: usage.totalBytes }];
    }),
  );
  return measured.flat();
}

/** Fields of /proc/diskstats: 3 name, 6 sectors read, 10 sectors written. */
function sumDisks(diskstats: string, disks: ReadonlySet<string>): { read: number; written: number } {
  const sum = { read: 0, written: 0 };
  for (const line of diskstats.split('\n')) {
    const fields = line.trim().split(/\s+/);
    if (!disks.has(fields[2] ?? '')) continue;
    sum.read += Number(fields[5] ?? 0) * SECTOR_BYTES;
    sum.written += Number(fields[9] ?? 0) * SECTOR_BYTES;
  }
  return sum;
}

/** `name: received … (8 columns) sent …` of /proc/net/dev. */
function sumInterfaces(netdev: string, interfaces: ReadonlySet<string>): Counters {
  const sum = { received: 0, sent: 0 };
  for (const [, name, numbers] of netdev.matchAll(/^\s*(\S+):\s*(.+)$/gm)) {
    if (name === undefined || !interfaces.has(name)) continue;
    const columns = (numbers ?? '').trim().split(/\s+/).map(Number);
    sum.received += columns[0] ?? 0;
    sum.sent += columns[8] ?? 0;
  }
  return sum;
}
