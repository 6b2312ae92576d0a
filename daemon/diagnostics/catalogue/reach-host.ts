// Can this computer find and reach another one: names first, then ping, then a connection to a port.

import { isIP, isIPv4 } from 'node:net';
import type { TableCell } from '../../../protocol/diagnostics.ts';
import { ProgramMissing } from '../../run/program-errors.ts';
import { count } from '../amounts.ts';
import { type Diagnostic, type DiagnosticContext, integerOf, textOf } from '../diagnostic.ts';
import { parseNameServers } from '../linux/interfaces.ts';
import { tryConnect } from '../network/connect.ts';
import { askNameServer, type Lookup, lookUpLikePrograms } from '../network/name-lookup.ts';
import { ping } from '../network/ping.ts';

const COMMON_PORTS = [443, 80]; // tried when ping is missing and no port was named
const MAX_TRIED = 2; // addresses: the first of each family

export const reachHost: Diagnostic = {
  descriptor: {
    id: 'reach-host',
    title: 'Reach another computer',
    purpose:
      'Checks whether this computer can find and reach another computer, printer or website by its name. Sends a few small test packets to it.',
    risk: 'low',
    platforms: ['linux'],
    parameters: [
      {
        kind: 'hostname',
        name: 'host',
        title: 'Name or address',
        required: true,
        hint: 'a name like printer.clinic.example or an address like 192.0.2.7',
      },
      {
        kind: 'integer',
        name: 'port',
        title: 'Port',
        required: false,
        min: 1,
        max: 65_535,
        hint: 'also try to connect there: 443 for websites, 631 for printers; 1 to 65535',
      },
      {
        kind: 'integer',
        name: 'packets',
        title: 'Test packets',
        required: false,
        default: 4,
        min: 1,
        max: 20,
        hint: 'how many pings to send, one a second, 1 to 20',
      },
    ],
    timeoutMs: 90_000,
    streams: false,
  },
  async run(context) {
    const { parameters } = context;
    const host = textOf(parameters, 'host') ?? '';
    const addresses = await resolve(context, host);
    if (addresses.length === 0) return `${host} cannot be found: no address for this name`;
    const port = integerOf(parameters, 'port');
    const tried = [addresses.find(isIPv4), addresses.find((address) => !isIPv4(address))]
      .filter((address) => address !== undefined)
      .slice(0, MAX_TRIED);
    const attempts: Attempt[] = [];
    for (const address of tried) {
      const pinged = await tryPing(context, address);
      attempts.push(pinged.attempt);
      const ports = port !== undefined ? [port] : pinged.worked ? [] : COMMON_PORTS;
      for (const each of ports) attempts.push(await tryPort(context, address, each));
    }
    await context.emit({
      kind: 'table',
      title: `Reaching ${host}`,
      columns: [
        { key: 'address', title: 'Address' },
        { key: 'how', title: 'How' },
        { key: 'result', title: 'Result' },
        { key: 'time', title: 'Time', align: 'right', unit: 'ms' },
      ],
      rows: attempts.map((attempt) => attempt.row),
      attention: attempts.flatMap((attempt, row) => (attempt.good ? [] : [row])),
    });
    return verdict(host, attempts, port);
  },
};

interface Attempt {
  readonly row: TableCell[];
  /** It did what was hoped for. */
  readonly good: boolean;
  /** Something at that address answered, if only with a refusal. */
  readonly reached: boolean;
  readonly port?: number;
}

async function resolve({ probe, emit, progress, signal }: DiagnosticContext, host: string): Promise<readonly string[]> {
  const rows: TableCell[][] = [];
  const attention: number[] = [];
  const note = (asked: string, answer: Lookup) => {
    if (answer.problem !== undefined) attention.push(rows.length);
    rows.push([asked, answer.problem ?? answer.addresses.join(', '), answer.took]);
  };
  let addresses: readonly string[] = [host];
  if (isIP(host) === 0) {
    await progress(`Looking up ${host}`);
    const own = await lookUpLikePrograms(host, signal);
    signal.throwIfAborted();
    note('this computer', own);
    addresses = own.addresses;
  }
  const servers = parseNameServers((await probe.readText('/etc/resolv.conf')) ?? '');
  for (const server of servers) {
    await progress(`Asking the name server ${server}`);
    note(`name server ${server}`, await askNameServer(server, host, signal));
    signal.throwIfAborted();
  }
  await emit({
    kind: 'table',
    title: isIP(host) === 0 ? `Addresses of ${host}` : `Names of ${host}`,
    columns: [
      { key: 'asked', title: 'Asked' },
      { key: 'answer', title: 'Answer' },
      { key: 'time', title: 'Time', align: 'right', unit: 'ms' },
    ],
    rows,
    attention,
  });
  return addresses;
}

/** `worked` is false when ping is missing or not permitted: then only a connection can tell. */
async function tryPing(
  { probe, progress, parameters }: DiagnosticContext,
  address: string,
): Promise<{ attempt: Attempt; worked: boolean }> {
  const packets = integerOf(parameters, 'packets') ?? 4;
  await progress(`Sending ${count(packets, 'test packet')} to ${address}`);
  const notTried = (why: string) => ({
    attempt: { row: [address, 'ping', `not possible: ${why}`, null], good: true, reached: false },
    worked: false,
  });
  try {
    const answer = await ping(probe, address, packets);
    if (answer.problem !== undefined) return notTried(answer.problem);
    const text = `${answer.received} of ${count(answer.sent, 'packet')} came back`;
    const good = answer.received === answer.sent && answer.sent > 0;
    return {
      attempt: { row: [address, 'ping', text, answer.average], good, reached: answer.received > 0 },
      worked: true,
    };
  } catch (error) {
    if (error instanceof ProgramMissing) return notTried('ping is not installed');
    throw error;
  }
}

async function tryPort({ progress, signal }: DiagnosticContext, address: string, port: number): Promise<Attempt> {
  await progress(`Connecting to ${address}, port ${port}`);
  const answer = await tryConnect(address, port, signal);
  const words = {
    open: 'open: something answers there',
    refused: 'refused: the computer is there, nothing listens on this port',
    'no answer': 'no answer',
    unreachable: 'no way to this address',
  };
  return {
    row: [address, `connection to port ${port}`, words[answer.result], answer.took],
    good: answer.result === 'open',
    reached: answer.result === 'open' || answer.result === 'refused',
    port,
  };
}

function verdict(host: string, attempts: readonly Attempt[], port: number | undefined): string {
  if (!attempts.some((attempt) => attempt.reached)) return `${host} was found and does not answer`;
  if (port === undefined) return `${host} can be reached`;
  const open = attempts.some((attempt) => attempt.port === port && attempt.good);
  return open ? `${host} can be reached, port ${port} is open` : `${host} can be reached, port ${port} is closed`;
}
