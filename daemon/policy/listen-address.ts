// Where the daemon listens, as written in the policy: `host:port` or `[IPv6]:port`.

import { isIPv4, isIPv6 } from 'node:net';
import { z } from 'zod';

export interface ListenAddress {
  readonly host: string;
  /** 0 lets the system choose a free port. */
  readonly port: number;
}

const PORT_MAX = 65_535;
const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i;
const ALL_DIGITS = /^[\d.]+$/; // 127.1 or 300.1.1.1: an address with a typing error, no name

export const ListenAddressText = z.string().transform((text, context): ListenAddress => {
  const parsed = parseListenAddress(text);
  if (typeof parsed !== 'string') return parsed;
  context.addIssue({ code: 'custom', message: `"${text}" ${parsed}`, params: { hint: EXAMPLE } });
  return z.NEVER;
});

const EXAMPLE = 'write it as "127.0.0.1:2200" or "[::1]:2200"';

/** The address, or what is wrong with it. */
function parseListenAddress(text: string): ListenAddress | string {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]*)\]|([^:[\]]*)):(\d{1,5})$/.exec(text) ?? [];
  if (digits === undefined) return 'is not an address with a port';
  const port = Number(digits);
  if (port > PORT_MAX) return `has no possible port (at most ${PORT_MAX})`;
  if (bracketed !== undefined) {
    return isIPv6(bracketed) ? { host: bracketed, port } : 'holds no IPv6 address between its brackets';
  }
  const host = plain ?? '';
  if (isIPv4(host) || (HOST_NAME.test(host) && !ALL_DIGITS.test(host))) return { host, port };
  return host === '' ? 'names no address to listen on' : 'holds neither an IPv4 address nor a host name';
}

/** The address as it is written in a URL or on a command line. */
export function formatListenAddress({ host, port }: ListenAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
