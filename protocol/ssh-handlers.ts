// Standing in front of ssh2's own packet handlers, for both ends: some packets it answers by itself and tells nobody.
//
// The handlers are private. The package is pinned to one version, and a connection on which they are not found is
// given up (promise 10).

import type { Client, Connection } from 'ssh2';
import utils from 'ssh2/lib/protocol/utils.js';
import { ChaperoneError } from './errors.ts';

const SESSION_IDENTIFIER_MIN = 32; // bytes; SHA-256, the shortest hash of any key exchange that we speak

export type PacketHandler = (...args: unknown[]) => void;

/** Lets `gate` decide what becomes of the packets of one kind; `pass` is what ssh2 would have done. */
export type GatePacket = (name: string, gate: (pass: PacketHandler, ...args: unknown[]) => void) => void;

/** Throws when ssh2's handlers are not where they are expected; so does the result for a kind that is missing. */
export function packetGate(end: Client | Connection): GatePacket {
  const handlers = field(field(end, '_protocol'), '_handlers');
  if (typeof handlers !== 'object' || handlers === null) {
    throw unsupported('_handlers');
  }
  return (name, gate) => {
    const original: unknown = Reflect.get(handlers, name);
    if (typeof original !== 'function') {
      throw unsupported(name);
    }
    Reflect.set(handlers, name, (...args: unknown[]) =>
      gate((...passed) => Reflect.apply(original, undefined, passed), ...args),
    );
  };
}

/**
 * SSH's session identifier (RFC 4253 §7.2): the hash of the first key exchange, to which both sides gave and which
 * covers the host key. The same on both sides of one connection, and through rekeying. Throws before there is one.
 */
export function sessionIdentifier(end: Client | Connection): Uint8Array {
  const identifier = field(field(field(end, '_protocol'), '_kex'), 'sessionID');
  if (!(identifier instanceof Uint8Array) || identifier.length < SESSION_IDENTIFIER_MIN) {
    throw unsupported('sessionID');
  }
  return Uint8Array.from(identifier);
}

/** Sends an SSH packet with this payload, after a running key exchange if need be. */
export function sendPayload(end: Client | Connection, payload: Uint8Array): void {
  const protocol = field(end, '_protocol');
  const writer = field(field(protocol, '_packetRW'), 'write');
  const packet = callMethod(writer, 'alloc', payload.length);
  const start = field(writer, 'allocStart');
  if (typeof protocol !== 'object' || protocol === null || !Buffer.isBuffer(packet) || typeof start !== 'number') {
    throw unsupported('_packetRW');
  }
  packet.set(payload, start);
  utils.sendPacket(protocol, callMethod(writer, 'finalize', packet));
}

/** Takes the packets of one kind that ssh2 has no use for. Throws when its handlers are not where they are expected. */
export function takePackets(end: Client | Connection, name: string, handler: PacketHandler): void {
  const handlers = field(field(end, '_protocol'), '_handlers');
  if (typeof handlers !== 'object' || handlers === null) {
    throw unsupported('_handlers');
  }
  Reflect.set(handlers, name, handler);
}

/** Calls a method of one of ssh2's private objects. Throws when it has none of that name. */
export function callMethod(target: unknown, method: string, ...args: unknown[]): unknown {
  const found = field(target, method);
  if (typeof found !== 'function') {
    throw unsupported(method);
  }
  return Reflect.apply(found, target, args);
}

/** A property of one of ssh2's private objects; undefined when there is none. */
export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function unsupported(part: string): ChaperoneError {
  return new ChaperoneError(`this version of ssh2 cannot be used (${part} is missing)`, {
    hint: 'install the version that package.json names',
  });
}
