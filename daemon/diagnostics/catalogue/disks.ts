// Is a disk full, or turned read-only after an error; which drives are there.

import type { TableCell } from '../../../protocol/diagnostics.ts';
import { count, percentOf } from '../amounts.ts';
import type { Diagnostic, DiagnosticContext } from '../diagnostic.ts';
import { type Mount, parseMounts } from '../linux/mounts.ts';
import type { FileSystemUsage, Probe } from '../probe.ts';

const FULL_PERCENT = 90;
const REMOTE_TIMEOUT_MS = 3_000; // of one network folder; a healthy one answers in milliseconds
const MAX_MOUNTS = 60;
const SECTOR_BYTES = 512; // the unit of /sys/block/*/size, whatever the drive uses
const REMOVABLE_MEDIUM = /^(iso9660|udf|squashfs)$/; // always full and read-only, by nature

export const disks: Diagnostic = {
  descriptor: {
    id: 'disks',
    title: 'Disks',
    purpose: 'Shows how full the disks and network folders are. Does not look at any file.',
    risk: 'none',
    platforms: ['linux'],
    parameters: [],
    timeoutMs: 60_000,
    streams: false,
  },
  async run(context) {
    const { probe, emit } = context;
    const mounts = parseMounts((await probe.readText('/proc/self/mountinfo')) ?? '').slice(0, MAX_MOUNTS);
    const measured = await measure(context, mounts);
    const attention = measured.flatMap((disk, row) => (disk.trouble === undefined ? [] : [row]));
    await emit({
      kind: 'table',
      title: 'Disk space',
      columns: [
        { key: 'mount', title: 'Folder' },
        { key: 'type', title: 'Type' },
        { key: 'size', title: 'Size', align: 'right', unit: 'bytes' },
        { key: 'used', title: 'Used', align: 'right', unit: 'bytes' },
        { key: 'free', title: 'Free', align: 'right', unit: 'bytes' },
        { key: 'usedPercent', title: 'Used', align: 'right', unit: 'percent' },
        { key: 'filesPercent', title: 'File slots used', align: 'right', unit: 'percent' },
        { key: 'state', title: 'State' },
      ],
      rows: measured.map((disk) => disk.row),
      attention,
    });
    const drives = await listDrives(probe);
    if (drives.length > 0) {
      await emit({
        kind: 'table',
        title: 'Drives',
        columns: [
          { key: 'drive', title: 'Drive' },
          { key: 'model', title: 'Model' },
          { key: 'kind', title: 'Kind' },
          { key: 'size', title: 'Size', align: 'right', unit: 'bytes' },
        ],
        rows: drives,
      });
    }
    const troubles = measured.flatMap((disk) => disk.trouble ?? []);
    if (measured.length === 0) return 'no disk is visible from here';
    return troubles.length === 0
      ? `${count(measured.length, 'disk')}, ${measured.length === 1 ? '' : 'all '}with room`
      : troubles.slice(0, 3).join('; ');
  },
};

interface Measured {
  readonly row: TableCell[];
  readonly trouble?: string;
}

async function measure({ probe, progress }: DiagnosticContext, mounts: readonly Mount[]): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const [index, mount] of mounts.entries()) {
    if (mount.remote) await progress(`Asking the server of ${mount.mount}`, index / mounts.length);
    measured.push(judge(mount, mount.remote ? await remoteUsage(probe, mount.mount) : await probe.usage(mount.mount)));
  }
  return measured;
}

function judge(mount: Mount, usage: FileSystemUsage | undefined): Measured {
  const type = mount.remote ? `network folder (${mount.type})` : mount.type;
  if (usage === undefined) {
    const trouble = mount.remote ? 'does not answer' : 'cannot be read';
    const row = [mount.mount, type, null, null, null, null, null, trouble];
    return { row, trouble: `${mount.mount} ${trouble}` };
  }
  // Space that is kept for root counts as used, as `df` does: it is not there for the person.
  const usedPercent = percentOf(usage.usedBytes, usage.usedBytes + usage.availableBytes);
  const filesPercent = usage.totalInodes === 0 ? null : percentOf(usage.usedInodes, usage.totalInodes);
  const medium = REMOVABLE_MEDIUM.test(mount.type);
  const states = [
    ...(usedPercent >= FULL_PERCENT && !medium ? [`nearly full (${usedPercent} %)`] : []),
    ...((filesPercent ?? 0) >= FULL_PERCENT && !medium
      ? [`nearly out of room for more files (${filesPercent} %)`]
      : []),
    ...(mount.readOnly && !medium ? ['read-only'] : []),
  ];
  const row = [
    mount.mount,
    type,
    usage.totalBytes,
    usage.usedBytes,
    usage.availableBytes,
    usedPercent,
    filesPercent,
    states.join(', ') || 'good',
  ];
  return states.length === 0 ? { row } : { row, trouble: `${mount.mount} is ${states.join(' and ')}` };
}

/** In a process of its own: a dead server blocks whoever asks, and must not block the daemon's threads. */
async function remoteUsage(probe: Probe, mount: string): Promise<FileSystemUsage | undefined> {
  const argv = ['stat', '--file-system', '--format=%S %b %f %a %c %d', '--', mount] as const;
  const answer = await probe.run(argv, { timeoutMs: REMOTE_TIMEOUT_MS }).catch(() => undefined);
  const numbers = /^(\d+) (\d+) (\d+) (\d+) (\d+) (\d+)$/m
    .exec(answer?.out ?? '')
    ?.slice(1)
    .map(Number);
  if (answer?.code !== 0 || numbers === undefined) return undefined;
  const [size = 0, blocks = 0, free = 0, available = 0, inodes = 0, freeInodes = 0] = numbers;
  return {
    totalBytes: blocks * size,
    availableBytes: available * size,
    usedBytes: (blocks - free) * size,
    totalInodes: inodes,
    usedInodes: inodes - freeInodes,
  };
}

/** Physical and virtual drives; not the loop, memory and mapper devices that lie on top of them. */
async function listDrives(probe: Probe): Promise<TableCell[][]> {
  const rows: TableCell[][] = [];
  for (const name of await probe.list('/sys/block')) {
    const read = async (file: string) => (await probe.readText(`/sys/block/${name}/${file}`, 256))?.trim();
    if ((await probe.link(`/sys/block/${name}/device`)) === undefined) continue;
    const sectors = Number(await read('size'));
    if (!(sectors > 0)) continue; // an empty card reader
    const maker = [await read('device/vendor'), await read('device/model')].filter((part) => part && !/^0x/.test(part));
    const spinning = (await read('queue/rotational')) === '1' && !name.startsWith('vd'); // virtual ones claim to spin
    const kind = (await read('removable')) === '1' ? 'removable' : spinning ? 'hard disk' : 'solid state or virtual';
    rows.push([name, maker.join(' ') || 'not stated', kind, sectors * SECTOR_BYTES]);
  }
  return rows;
}
