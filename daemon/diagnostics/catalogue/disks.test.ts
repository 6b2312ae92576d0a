// A full disk, a full table of files, a disk turned read-only, a server that is gone: each is said in the summary.

import { describe, expect, it } from 'vitest';
import type { FileSystemUsage } from '../probe.ts';
import { factOf, play, rowsOf } from '../testing/scripted-probe.ts';
import { disks } from './disks.ts';
import { memory } from './memory.ts';

const usage = (usedPercent: number, filesPercent = 1): FileSystemUsage => ({
  totalBytes: 1000,
  usedBytes: usedPercent * 10,
  availableBytes: 1000 - usedPercent * 10,
  totalInodes: 100,
  usedInodes: filesPercent,
});
const mounts = (...lines: string[]) => ({
  '/proc/self/mountinfo': lines.map((line, index) => `${index} 1 0:${index} ${line}`).join('\n'),
});
const ROOT = '/ / rw - ext4 /dev/sda1 rw';

describe('disks', () => {
  it('have room', async () => {
    const played = await play(disks, { files: mounts(ROOT), usage: { '/': usage(40) } });
    expect(played.end).toMatchObject({ outcome: 'done', message: '1 disk, with room' });
    expect(rowsOf(played, 'Disk space')).toEqual([['/', 'ext4', 1000, 400, 600, 40, 1, 'good']]);
  });

  it.each([
    ['nearly full', usage(95), ROOT, '/ is nearly full (95 %)'],
    ['full of files', usage(40, 97), ROOT, '/ is nearly out of room for more files (97 %)'],
    ['read-only', usage(40), '/ / ro - ext4 /dev/sda1 rw', '/ is read-only'],
  ])('that are %s are pointed out', async (_, found, line, message) => {
    const played = await play(disks, { files: mounts(line), usage: { '/': found } });
    expect(played.end.message).toBe(message);
    expect(played.outputs.at(0)).toMatchObject({ attention: [0] });
  });

  it('that are a CD are full and read-only by nature', async () => {
    const played = await play(disks, {
      files: mounts('/ /media/cd ro - iso9660 /dev/sr0 ro'),
      usage: { '/media/cd': usage(100) },
    });
    expect(played.end.message).toBe('1 disk, with room');
  });

  it('of a server are asked for in a process of its own, without an option to smuggle in', async () => {
    const files = mounts(ROOT, '/ /mnt/-\\040$(reboot) rw - nfs4 server:/x rw', '/ /mnt/dead rw - cifs //dead/x rw');
    const program = (argv: readonly string[]) =>
      argv.at(-1) === '/mnt/dead' ? { code: 1, err: 'Host is down' } : { out: '4096 100 50 40 10 5\n' };
    const played = await play(disks, { files, usage: { '/': usage(1), '/mnt/dead': usage(1) }, program });
    expect(played.ran.map((argv) => argv.slice(-2))).toEqual([
      ['--', '/mnt/- $(reboot)'],
      ['--', '/mnt/dead'],
    ]);
    expect(rowsOf(played, 'Disk space')?.slice(1)).toEqual([
      ['/mnt/- $(reboot)', 'network folder (nfs4)', 409_600, 204_800, 163_840, 55.6, 50, 'good'],
      ['/mnt/dead', 'network folder (cifs)', null, null, null, null, null, 'does not answer'],
    ]);
    expect(played.end.message).toBe('/mnt/dead does not answer');
  });

  it('with a label that attacks the terminal lose the attack', async () => {
    const mount = '/media/\u001b]0;owned\u0007USB';
    const played = await play(disks, {
      files: mounts(`/ ${mount} rw - vfat /dev/sdb1 rw`),
      usage: { [mount]: usage(95) },
    });
    expect(rowsOf(played, 'Disk space')?.[0]?.[0]).toBe('/media/USB');
    expect(played.said).not.toContain('owned');
  });

  it('lie on drives, without what lies on top of them', async () => {
    const files = {
      '/sys/block/sda/size': '2048\n',
      '/sys/block/sda/queue/rotational': '1\n',
      '/sys/block/sda/device/vendor': 'ATA     \n',
      '/sys/block/sda/device/model': 'Good Disk\n',
      '/sys/block/dm-0/size': '2048\n',
      '/sys/block/sr0/size': '0\n',
    };
    const links = { '/sys/block/sda/device': 'x', '/sys/block/sr0/device': 'x' };
    expect(rowsOf(await play(disks, { files, links }), 'Drives')).toEqual([
      ['sda', 'ATA Good Disk', 'hard disk', 1_048_576],
    ]);
  });
});

describe('memory', () => {
  const meminfo = (available: number) => ({ '/proc/meminfo': `MemTotal: 1000 kB\nMemAvailable: ${available} kB\n` });

  it('is plenty or nearly all in use', async () => {
    expect((await play(memory, { files: meminfo(500) })).end.message).toBe('500 KiB of 1000 KiB in use');
    const low = await play(memory, { files: meminfo(50) });
    expect(low.end.message).toContain('nearly all');
    expect(factOf(low, 'Available')).toMatchObject({ attention: true });
  });

  it('is used by programs, not by single processes', async () => {
    const process = (pid: number, name: string) => ({
      [`/proc/${pid}/stat`]: `${pid} (${name}) S 1 1 1 0 1 0 0 0 0 0 1 1 0 0 20 0 1 0 5 0 0`,
      [`/proc/${pid}/status`]: 'Uid:\t0\nVmRSS:\t100 kB\n',
    });
    const files = {
      ...meminfo(500),
      ...process(1, 'Web Content'),
      ...process(2, 'firefox'),
      ...process(3, '\u001b[31mred'),
    };
    const links = { '/proc/1/exe': '/opt/firefox', '/proc/2/exe': '/opt/firefox' };
    expect(rowsOf(await play(memory, { files, links }), 'Programs')).toEqual([
      ['firefox', 2, 204_800],
      ['red', 1, 102_400],
    ]);
  });

  it('cannot be measured without /proc', async () => {
    expect((await play(memory, {})).end).toMatchObject({
      outcome: 'failed',
      message: expect.stringContaining('cannot be measured'),
    });
  });
});
