// What is plugged in: the scanner, card reader or label printer that "does not work".

import { count } from '../amounts.ts';
import { type Diagnostic, DiagnosticUnavailable } from '../diagnostic.ts';
import type { Probe } from '../probe.ts';

const SYS = '/sys/bus/usb/devices';
const HUB_CLASS = '09';

export const usbDevices: Diagnostic = {
  descriptor: {
    id: 'usb-devices',
    title: 'USB devices',
    purpose: 'Shows what is plugged in by USB, such as scanners, card readers and printers.',
    risk: 'none',
    platforms: ['linux'],
    parameters: [],
    timeoutMs: 10_000,
    streams: false,
  },
  async run({ probe, emit }) {
    const names = await probe.list(SYS);
    if (names.length === 0) throw new DiagnosticUnavailable('this computer has no USB, or does not show it');
    const devices = [];
    // Names with a colon are parts of a device, `usb1` the sockets of the computer itself.
    for (const name of names.filter((name) => /^\d+-[\d.]+$/.test(name))) devices.push(await readDevice(probe, name));
    const shown = devices.filter((device) => device.deviceClass !== HUB_CLASS);
    await emit({
      kind: 'table',
      title: 'USB devices',
      columns: [
        { key: 'device', title: 'Device' },
        { key: 'maker', title: 'Maker' },
        { key: 'socket', title: 'Socket' },
        { key: 'speed', title: 'Mbit/s', align: 'right' },
        { key: 'identity', title: 'Identity' },
        { key: 'driver', title: 'Driver' },
      ],
      rows: shown.map((device) => [
        device.product,
        device.maker,
        device.name,
        device.speed,
        device.identity,
        device.drivers || 'none: the system does not know what to do with it',
      ]),
      attention: shown.flatMap((device, row) => (device.drivers === '' ? [row] : [])),
    });
    return shown.length === 0 ? 'nothing is plugged in by USB' : count(shown.length, 'USB device');
  },
};

async function readDevice(probe: Probe, name: string) {
  const read = async (file: string) => (await probe.readText(`${SYS}/${name}/${file}`, 256))?.trim() ?? '';
  const parts = (await probe.list(`${SYS}/${name}`)).filter((part) => part.startsWith(`${name}:`));
  const drivers = await Promise.all(parts.map((part) => probe.link(`${SYS}/${name}/${part}/driver`)));
  const speed = Number(await read('speed'));
  return {
    name,
    product: (await read('product')) || 'without a name',
    maker: await read('manufacturer'),
    speed: speed > 0 ? speed : null,
    identity: `${await read('idVendor')}:${await read('idProduct')}`,
    deviceClass: await read('bDeviceClass'),
    drivers: [...new Set(drivers.flatMap((link) => link?.split('/').at(-1) ?? []))].join(', '),
  };
}
