// What the person can read out so that a technician finds this computer.

import { expect, it } from 'vitest';
import { ownAddresses } from './own-addresses.ts';

const info = (address: string, family: 'IPv4' | 'IPv6', internal = false) => ({
  address,
  netmask: '',
  mac: '',
  cidr: null,
  ...(family === 'IPv6' ? { family, scopeid: 0 } : { family }),
  internal,
});
const INTERFACES = {
  lo: [info('127.0.0.1', 'IPv4', true)],
  eth0: [info('192.168.1.20', 'IPv4'), info('fe80::1', 'IPv6')],
};

it('is nothing that only this computer itself can reach', () => {
  expect(ownAddresses(['127.0.0.1:2200', '[::1]:2200', 'localhost:2200'], INTERFACES)).toEqual([]);
});

it('is what the daemon listens on, as a technician types it', () => {
  expect(ownAddresses(['127.0.0.1:2200', '10.0.0.7:2200', '[2001:db8::7]:22'], INTERFACES)).toEqual([
    '10.0.0.7:2200',
    '[2001:db8::7]:22',
  ]);
});

it('names the addresses of this computer where the daemon listens on every one', () => {
  expect(ownAddresses(['0.0.0.0:2200', '[::]:2200'], INTERFACES)).toEqual(['192.168.1.20:2200']);
});
