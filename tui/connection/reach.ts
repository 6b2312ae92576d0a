// The way to the machine: a TCP connection within ten seconds, or a sentence that says why not.

import { connect, type Socket } from 'node:net';
import { formatAddress, type HostAddress } from './address.ts';
import { GivenUp, Unreachable } from './errors.ts';

export const REACH_LIMIT_MS = 10_000; // a machine on a LAN answers in milliseconds; nobody waits longer than this
const TCP_PROBE_MS = 15_000; // while a person is awaited nothing travels; this notices a cable that was pulled

/** @throws Unreachable | GivenUp */
export function reach(address: HostAddress, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(new GivenUp());
      return;
    }
    const socket = connect({ ...address, noDelay: true, keepAlive: true, keepAliveInitialDelay: TCP_PROBE_MS });
    const settle = (act: () => void): void => {
      clearTimeout(limit);
      signal.removeEventListener('abort', giveUp);
      act();
    };
    const fail = (error: Error): void =>
      settle(() => {
        socket.destroy();
        reject(error);
      });
    const giveUp = (): void => fail(new GivenUp());
    const limit = setTimeout(
      () => fail(unreachable(address, 'it does not answer', 'is it switched on and on this network?')),
      REACH_LIMIT_MS,
    );
    signal.addEventListener('abort', giveUp, { once: true });
    socket.once('connect', () => settle(() => resolve(socket)));
    // Stays for the socket's life: an error must never be one that nobody listens to.
    socket.on('error', (error) => fail(explain(address, error)));
  });
}

function explain(address: HostAddress, error: Error): Unreachable {
  const code = 'code' in error ? String(error.code) : '';
  const [why, hint] = WORDS[code] ?? [
    `the network says ${code === '' ? 'no' : code}`,
    'check the address and the network',
  ];
  return unreachable(address, why, hint, error);
}

const WORDS: Readonly<Record<string, readonly [why: string, hint: string]>> = {
  ECONNREFUSED: ['nothing listens there', 'ask the person to start chaperoned, and check the port'],
  ENOTFOUND: ['no such name', 'check the spelling, or use the IP address'],
  EAI_AGAIN: ['the name service does not answer', 'use the IP address, or try again'],
  ENETUNREACH: ['there is no way to that network', 'connect to the network or VPN of the machine'],
  EHOSTUNREACH: ['there is no way to that address', 'is it switched on and on this network?'],
  ETIMEDOUT: ['it does not answer', 'is it switched on and on this network?'],
  ECONNRESET: ['it hung up', 'check the port'],
};

function unreachable(address: HostAddress, why: string, hint: string, cause?: unknown): Unreachable {
  return new Unreachable(`cannot reach ${formatAddress(address)}: ${why}`, hint, cause);
}
