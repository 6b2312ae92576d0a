// Rates between two moments: real devices only, never negative, never counted twice.

import { describe, expect, it } from 'vitest';
import { scriptedProbe } from '../testing/scripted-probe.ts';
import { readVitals, sampleBetween } from './vitals.ts';

const MOUNTS = '27 1 254:0 / / rw - ext4 /dev/vda rw\n32 27 0:40 / /share rw - nfs4 server:/share rw\n';
const machine = (sectors: number, bytes: number) => ({
  '/proc/stat': 'cpu  1 0 1 8 0\ncpu0 1 0 1 8 0\n',
  '/proc/meminfo': 'MemTotal: 100 kB\nMemAvailable: 40 kB\nSwapTotal: 10 kB\nSwapFree: 4 kB\n',
  '/proc/loadavg': '0.1 0.2 0.3 1/1 1\n',
  '/proc/diskstats': ` 254 0 vda 1 0 ${sectors} 0 1 0 ${sectors * 2} 0\n 254 1 vda1 1 0 999 0 1 0 999 0\n 253 0 dm-0 1 0 999 0 1 0 999 0\n`,
  '/proc/net/dev': `Inter-|\n face |\n    lo: 999 0 0 0 0 0 0 0 999 0 0 0 0 0 0 0\n  eth0:${bytes} 0 0 0 0 0 0 0 ${bytes * 3} 0 0 0 0 0 0 0\n docker0: 999 0 0 0 0 0 0 0 999 0 0 0 0 0 0 0\n`,
  '/proc/self/mountinfo': MOUNTS,
  '/sys/block/vda/size': '1',
  '/sys/block/dm-0/size': '1',
  '/sys/class/net/eth0/mtu': '1',
  '/sys/class/net/lo/mtu': '1',
  '/sys/class/net/docker0/mtu': '1',
});
const links = { '/sys/block/vda/device': 'x', '/sys/class/net/eth0/device': 'x' };
const disk = { totalBytes: 100, usedBytes: 60, availableBytes: 40, totalInodes: 0, usedInodes: 0 };
const read = (sectors: number, bytes: number, earlier?: Awaited<ReturnType<typeof readVitals>>) =>
  readVitals(scriptedProbe({ files: machine(sectors, bytes), links, usage: { '/': disk, '/share': disk } }), earlier);

describe('vitals', () => {
  it('are rates per second of real drives and cards', async () => {
    const before = { ...(await read(100, 1000)), at: 0 };
    const after = { ...(await read(300, 5000, before)), at: 2000 };
    expect(sampleBetween(before, after)).toMatchObject({
      disk: { readPerSecond: (200 * 512) / 2, writtenPerSecond: (400 * 512) / 2 },
      network: { receivedPerSecond: 2000, sentPerSecond: 6000 },
      memory: { used: 60 * 1024, total: 100 * 1024 },
      swap: { used: 6 * 1024, total: 10 * 1024 },
      fileSystems: [{ mount: '/', used: 60, total: 100 }],
      load: [0.1, 0.2, 0.3],
      cpu: { total: 0, cores: [0] },
    });
  });

  it('are zero, not negative, when a device was unplugged', async () => {
    const before = { ...(await read(300, 5000)), at: 0 };
    const after = { ...(await read(0, 0, before)), at: 1000 };
    expect(sampleBetween(before, after)).toMatchObject({
      disk: { readPerSecond: 0, writtenPerSecond: 0 },
      network: { receivedPerSecond: 0, sentPerSecond: 0 },
    });
  });

  it('are zeros on a machine that tells nothing', async () => {
    const before = await readVitals(scriptedProbe({}));
    const after = await readVitals(scriptedProbe({}), before);
    expect(sampleBetween(before, after)).toMatchObject({ cpu: { total: 0, cores: [] }, memory: { used: 0, total: 0 } });
  });
});
