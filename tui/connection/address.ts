// How a technician names a machine: by connection ID, by address, or by both.

import { isIPv4, isIPv6 } from 'node:net';
import { parseConnectionId } from '../../protocol/connection-id.ts';
import { UsageError } from '../../protocol/errors.ts';

export const DEFAULT_PORT = 2200; // where `chaperoned` listens unless its policy says otherwise
const PORT_MAX = 65_535;
const HOST_NAME = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?)*\.?$/i;
const EXAMPLES =
  'write 482 913 077, front-desk.clinic.example, 192.0.2.7:2200, [2001:db8::7]:2200 or 482913077@192.0.2.7';

export interface HostAddress {
  readonly host: string;
  readonly port: number;
}

/** At least one of the two is known. */
export interface Target {
  /** Nine digits. */
  readonly connectionId: string | null;
  readonly address: HostAddress | null;
}

/**
 * Reads `482 913 077`, `host`, `host:port`, `[IPv6]:port`, or an ID and an address joined by `@`.
 *
 * @throws UsageError
 */
export function parseTarget(text: string): Target {
  const typed = text.trim();
  const at = typed.lastIndexOf('@');
  if (at >= 0) {
    return { connectionId: parseConnectionId(typed.slice(0, at)), address: parseAddress(typed.slice(at + 1)) };
  }
  if (/^[\d\s-]+$/.test(typed)) {
    return { connectionId: parseConnectionId(typed), address: null };
  }
  return { connectionId: null, address: parseAddress(typed) };
}

function parseAddress(text: string): HostAddress {
  if (isIPv6(text)) {
    return { host: text, port: DEFAULT_PORT };
  }
  const [, bracketed, plain, digits] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? plain ?? '';
  const port = digits === undefined ? DEFAULT_PORT : Number(digits);
  const known = bracketed === undefined ? isIPv4(host) || isHostName(host) : isIPv6(host);
  if (!known) {
    throw new UsageError(`${JSON.stringify(text.slice(0, 80))} is not an address`, EXAMPLES);
  }
  if (port < 1 || port > PORT_MAX) {
    throw new UsageError(`${port} is not a port`, `a port is a number from 1 to ${PORT_MAX}`);
  }
  return { host, port };
}

/** Names made of digits and dots alone are addresses with a typing error. */
function isHostName(host: string): boolean {
  return HOST_NAME.test(host) && !/^[\d.]+$/.test(host);
}

/** `host:port`, with brackets around an IPv6 address. */
export function formatAddress({ host, port }: HostAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
