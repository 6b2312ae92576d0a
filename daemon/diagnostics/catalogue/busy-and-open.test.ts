// Busiest programs, open ports, what is plugged in, and the hardware itself.

import { describe, expect, it } from 'vitest';
import { factOf, play, rowsOf } from '../testing/scripted-probe.ts';
import { busyPrograms } from './busy-programs.ts';
import { hardware } from './hardware.ts';
import { networkInterfaces } from './network-interfaces.ts';
import { openPorts } from './open-ports.ts';
import { pendingUpdates } from './pending-updates.ts';
import { systemOverview } from './system-overview.ts';
import { usbDevices } from './usb-devices.ts';

const stat = (pid: number, name: string, ticks: number, state = 'S') =>
  `${pid} (${name}) ${state} 1 1 1 0 1 0 0 0 0 0 ${ticks} 0 0 0 20 0 1 0 5 0 0`;
const status = (uid: number, kb: number) => `Uid:\t${uid}\nVmRSS:\t${kb} kB\n`;

describe('busy programs', () => {
  const machine = {
    files: {
      '/etc/passwd': 'root:x:0:0\nanna:x:1000:1000\n',
      '/proc/stat': 'cpu  100 0 0 900 0\n',
      '/proc/1/stat': stat(1, 'init', 10),
      '/proc/1/status': status(0, 900),
      '/proc/2/stat': stat(2, '\u001b]0;x\u0007miner', 10),
      '/proc/2/status': status(1000, 100),
    },
    onPause: (files: Record<string, string>) => {
      files['/proc/stat'] = 'cpu  170 0 0 930 0\n';
      files['/proc/2/stat'] = stat(2, '\u001b]0;x\u0007miner', 70, 'R');
      files['/proc/3/stat'] = stat(3, 'newcomer', 500);
    },
  };

  it('are those that worked in the last second, as a part of the whole computer', async () => {
    const played = await play(busyPrograms, machine);
    expect(rowsOf(played, 'Programs by processor')).toEqual([
      ['miner', 2, 'anna', 60, 102_400, 'working'],
      ['init', 1, 'root', 0, 921_600, 'waiting'],
      ['newcomer', 3, null, 0, 0, 'waiting'],
    ]);
    expect(played.end.message).toBe('the processor is 70 % busy with 3 processes; the busiest is miner (60 %)');
    expect(played.outputs.at(-1)).toMatchObject({ attention: [0] });
  });

  it('can be sorted by memory and cut short, which is not a loss', async () => {
    const played = await play(busyPrograms, machine, { sort: 'memory', count: '1' });
    expect(rowsOf(played, 'Programs by memory')?.map((row) => row[0])).toEqual(['init']);
    expect(played.outputs.at(-1)).toMatchObject({ omitted: 2 });
    expect(played.end.truncated).toBe(false);
  });
});

describe('open ports', () => {
  it('tell who listens and who can come in', async () => {
    const row = (local: string, uid: number, inode: number) =>
      `0: ${local} 00000000:0000 0A 0:0 0:0 0 ${uid} 0 ${inode} 1\n`;
    const files = {
      '/etc/passwd': 'root:x:0:0\n',
      '/proc/net/tcp': `head\n${row('00000000:0016', 0, 11)}${row('0100007F:0277', 0, 12)}${row('0100007F:0277', 0, 13)}`,
      '/proc/5/stat': stat(5, 'sshd', 1),
    };
    const played = await play(openPorts, {
      files,
      links: { '/proc/5/fd/3': 'socket:[11]', '/proc/5/fd/4': '/dev/null' },
    });
    expect(rowsOf(played, 'Programs that wait')).toEqual([
      [22, 'tcp', '0.0.0.0', 'the network', 'sshd', 5, 'root'],
      [631, 'tcp', '127.0.0.1', 'this computer only', null, null, 'root'],
    ]);
    expect(played.end.message).toContain('2 open ports, 1 reachable from the network; 1 program could not be named');
  });
});

describe('what is plugged in', () => {
  const sys = '/sys/bus/usb/devices';
  const device = (name: string, product: string, deviceClass = '00') => ({
    [`${sys}/${name}/product`]: `${product}\n`,
    [`${sys}/${name}/bDeviceClass`]: `${deviceClass}\n`,
    [`${sys}/${name}/idVendor`]: '05e0\n',
    [`${sys}/${name}/idProduct`]: '1200\n',
    [`${sys}/${name}/speed`]: '12\n',
    [`${sys}/${name}/${name}:1.0/bInterfaceClass`]: '03\n',
  });

  it('is listed without hubs, and a device without a driver is pointed out', async () => {
    const files = {
      ...device('1-1', 'Bar Code Scanner'),
      ...device('1-2', 'Hub', '09'),
      ...device('1-3.1', '\u001b[31mOdd'),
      [`${sys}/usb1/x`]: '',
    };
    const links = { [`${sys}/1-1/1-1:1.0/driver`]: '../../bus/usb/drivers/usbhid' };
    const played = await play(usbDevices, { files, links });
    expect(rowsOf(played, 'USB')).toEqual([
      ['Bar Code Scanner', '', '1-1', 12, '05e0:1200', 'usbhid'],
      ['Odd', '', '1-3.1', 12, '05e0:1200', 'none: the system does not know what to do with it'],
    ]);
    expect(played.outputs[0]).toMatchObject({ attention: [1] });
    expect((await play(usbDevices, {})).end).toMatchObject({
      outcome: 'failed',
      message: expect.stringContaining('no USB'),
    });
  });
});

describe('the hardware', () => {
  const facts = {
    system: { manufacturer: 'LENOVO', model: 'ThinkCentre', virtual: false },
    bios: { vendor: 'LENOVO', version: 'M1', releaseDate: null },
    cpu: { manufacturer: 'Intel', brand: 'Core', physicalCores: 4, flags: 'fpu' },
    memory: [{ bank: 'A', size: 1024, type: 'DDR4', clockSpeed: 2400, manufacturer: '\u001b[31mX' }, { size: 0 }],
    graphics: [{ model: 'UHD', vendor: 'Intel' }],
    battery: { hasBattery: true, isCharging: true, percent: 80, maxCapacity: 20, designedCapacity: 50 },
  };

  it('is read in a process of its own, with constant arguments', async () => {
    const played = await play(hardware, { program: () => ({ out: JSON.stringify(facts) }) });
    expect(played.end.message).toBe('LENOVO ThinkCentre, 1.0 KiB of memory, the battery is worn out');
    expect(factOf(played, 'Battery health')).toMatchObject({ value: '40 % of the capacity when new', attention: true });
    expect(rowsOf(played, 'Memory modules')).toEqual([['A', 1024, 'DDR4', 2400, 'X']]);
    expect(played.ran).toEqual([[process.execPath, expect.stringContaining('hardware-reader'), '--read-hardware']]);
  });

  it('that answers nonsense is not shown', async () => {
    for (const out of ['', 'nonsense', '[]', '{"system":{}}']) {
      expect((await play(hardware, { program: () => ({ out }) })).end).toMatchObject({
        outcome: 'failed',
        message: 'the hardware could not be read',
      });
    }
  });
});

describe('updates', () => {
  const apt = (out: string) => (argv: readonly string[]) => (argv[0] === 'apt-get' ? { out } : undefined);
  const inst = 'Inst libssl3 [3.0.19] (3.0.22 Debian-Security:12/oldstable-security [amd64])\n';

  it('are counted, and old lists are not trusted', async () => {
    const played = await play(pendingUpdates, { files: { '/var/lib/apt/lists/x': '' }, program: apt(inst) });
    expect(played.end.message).toBe(
      '1 update waiting, 1 for security; the lists of updates are old, so there may be more',
    );
    expect(rowsOf(played, 'Waiting')).toEqual([['libssl3', '3.0.19', '3.0.22', 'yes']]);
    expect((await play(pendingUpdates, { program: apt('') })).end.message).toContain(
      'no updates are waiting; the lists',
    );
    expect(factOf(await play(pendingUpdates, { program: apt('') }), 'Last checked')?.value).toContain('never');
  });

  it('cannot be listed without a package manager', async () => {
    expect((await play(pendingUpdates, {})).end.message).toBe(
      'updates cannot be listed: none of apt, dnf, zypper, pacman is installed',
    );
  });
});

describe('the overview and the network', () => {
  it('tell when a restart is needed, and lose what attacks the terminal', async () => {
    const files = { '/etc/os-release': 'PRETTY_NAME="\u001b]0;x\u0007Debian"\n', '/run/reboot-required': '' };
    const played = await play(systemOverview, { files });
    expect(played.end.message).toMatch(/^Debian, running for .*, a restart is needed$/);
    expect(factOf(played, 'Restart needed')).toMatchObject({ attention: true });
    expect((await play(systemOverview, {})).end.outcome).toBe('done');
  });

  it('tell when there is no way out', async () => {
    const played = await play(networkInterfaces, {});
    expect(played.end.message).toBe('this computer is not connected to any network');
    expect(factOf(played, 'Router')).toMatchObject({ attention: true });
    expect(factOf(played, 'Name servers')).toMatchObject({ value: 'none', attention: true });
  });
});
