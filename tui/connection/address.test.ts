import { describe, expect, it } from 'vitest';
import { formatAddress, parseTarget } from './address.ts';

describe('how a machine is named', () => {
  it.each([
    ['482 913 077', '482913077', null],
    ['482913077', '482913077', null],
    ['482-913-077', '482913077', null],
    ['482913077@front-desk:2201', '482913077', { host: 'front-desk', port: 2201 }],
    ['482 913 077@[2001:db8::7]:22', '482913077', { host: '2001:db8::7', port: 22 }],
    ['192.0.2.7', null, { host: '192.0.2.7', port: 2200 }],
    ['192.0.2.7:2200', null, { host: '192.0.2.7', port: 2200 }],
    ['front-desk.clinic.example', null, { host: 'front-desk.clinic.example', port: 2200 }],
    ['[2001:db8::7]:2200', null, { host: '2001:db8::7', port: 2200 }],
    ['[2001:db8::7]', null, { host: '2001:db8::7', port: 2200 }],
    ['2001:db8::7', null, { host: '2001:db8::7', port: 2200 }],
    ['  localhost:1  ', null, { host: 'localhost', port: 1 }],
  ])('understands %j', (text, connectionId, address) => {
    expect(parseTarget(text)).toEqual({ connectionId, address });
  });

  it.each([
    '',
    '482 913 076', // a typing error that the check digit finds
    '48291307',
    'host:0',
    'host:65536',
    'host:',
    ':2200',
    '300.1.1.1',
    '127.1',
    '[::1',
    '[front-desk]:22',
    'a b',
    '-oProxyCommand=x',
    'host\u001b[31m',
    'x@host',
    '482913077@',
  ])('refuses %j, as wrong usage and with a hint', (text) => {
    expect(() => parseTarget(text)).toThrow(expect.objectContaining({ exitCode: 2, hint: expect.any(String) }));
  });

  it('writes an address so that it can be read again', () => {
    for (const text of ['192.0.2.7:2200', '[2001:db8::7]:2200', 'front-desk:22']) {
      const { address } = parseTarget(text);
      expect(address === null ? null : formatAddress(address)).toBe(text);
    }
  });
});
