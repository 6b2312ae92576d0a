import { describe, expect, it } from 'vitest';
import { fingerprintOf } from '../../protocol/identity/public-key.ts';
import { WireWriter } from '../../protocol/identity/ssh-wire.ts';
import { findHost, parseKnownHosts } from '../known-hosts/known-hosts.ts';
import type { KnownMachine } from '../records/machines.ts';
import { type HostKeyFacts, judgeHostKey } from './host-key.ts';

const keyOf = (letter: string) => new WireWriter().string('ssh-ed25519').string(letter.repeat(32)).finish();
const KEY_A = keyOf('a');
const KEY_B = keyOf('b');
const KEY_C = keyOf('c');
const FINGERPRINT_A = fingerprintOf(KEY_A);
const FINGERPRINT_C = fingerprintOf(KEY_C);

function met(key: Buffer, connectionId: string, ...addresses: string[]): KnownMachine {
  return {
    v: 1,
    fingerprint: fingerprintOf(key),
    machineKey: null,
    connectionId,
    name: 'front-desk-2',
    addresses,
    firstSeen: '2026-01-01T00:00:00.000Z',
    lastSession: null,
    sessions: 0,
  };
}

const line = (names: string, key: Buffer) => `${names} ssh-ed25519 ${key.toString('base64')} chaperone\n`;
const DESK = line('482913077,[192.0.2.7]:2200', KEY_A);
const LAB = line('735004124,[192.0.2.8]:2200', KEY_B);

function judge(facts: Partial<HostKeyFacts> & { readonly file?: string }) {
  const { connectionId = null, address = '192.0.2.7:2200', key = KEY_A, file = DESK + LAB } = facts;
  const lines = parseKnownHosts(file, 'known_hosts');
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(address) ?? [];
  const addressName = `[${host}]:${port}`;
  return judgeHostKey({
    key,
    connectionId,
    address,
    expected: null,
    meant: findHost(lines, [connectionId ?? addressName]),
    either: findHost(lines, connectionId === null ? [addressName] : [connectionId, addressName]),
    sameKey: lines.filter((candidate) => candidate.marker === null && candidate.key?.equals(key)),
    certificate: null,
    authorities: findHost(lines, connectionId === null ? [addressName] : [connectionId, addressName]),
    now: new Date(),
    met: [met(KEY_A, '482913077', '192.0.2.7:2200'), met(KEY_B, '735004124', '192.0.2.8:2200')],
    ...facts,
  }).kind;
}

describe('who answers', () => {
  it('is known by its key, wherever it is now', () => {
    expect(judge({})).toBe('known');
    expect(judge({ connectionId: '482913077', address: '198.51.100.1:2200' })).toBe('known');
    expect(judge({ address: '198.51.100.1:2200' })).toBe('known');
  });

  it('is unknown when neither key, ID nor address was ever met', () => {
    expect(judge({ key: KEY_C, address: '198.51.100.1:2200' })).toBe('unknown');
    expect(judge({ key: KEY_C, connectionId: '111111111' })).toBe('unknown');
  });

  it('stops at a changed key, and shows both', () => {
    for (const facts of [
      { key: KEY_C, connectionId: '482913077' },
      { key: KEY_C, connectionId: '482913077', address: '198.51.100.1:2200' },
      { key: KEY_C },
    ]) {
      expect(() => judge(facts)).toThrow(
        expect.objectContaining({
          exitCode: 5,
          message: expect.stringContaining(
            `${FINGERPRINT_A} (line 1 of known_hosts); it has another key now: ${FINGERPRINT_C}`,
          ),
          hint: expect.stringContaining(`--fingerprint ${FINGERPRINT_C}`),
        }),
      );
    }
  });

  it('stops when another known machine answers than the one that was meant', () => {
    expect(() => judge({ key: KEY_B, connectionId: '482913077' })).toThrow(expect.objectContaining({ exitCode: 5 }));
    expect(() => judge({ key: KEY_B })).toThrow(expect.objectContaining({ exitCode: 5 }));
    expect(() => judge({ key: KEY_A, connectionId: '111111111' })).toThrow('answers front-desk-2');
  });

  it('believes a fingerprint that somebody read out, and no other', () => {
    expect(judge({ key: KEY_C, expected: FINGERPRINT_C })).toBe('vouched');
    expect(judge({ expected: FINGERPRINT_A })).toBe('vouched');
    expect(() => judge({ key: KEY_A, expected: FINGERPRINT_C })).toThrow(expect.objectContaining({ exitCode: 5 }));
  });

  it('is refused for good when its key is marked so, also when somebody vouches for it', () => {
    const file = `${DESK}@revoked * ssh-ed25519 ${KEY_C.toString('base64')}\n`;
    for (const expected of [null, FINGERPRINT_C]) {
      expect(() => judge({ key: KEY_C, address: '198.51.100.1:2200', expected, file })).toThrow(
        expect.objectContaining({ exitCode: 5, message: expect.stringContaining('line 2 of known_hosts') }),
      );
    }
    expect(judge({ file })).toBe('known');
  });

  it('is not taken for a new machine because its line is damaged', () => {
    const file = DESK.replace('AAAAC3', 'AAAAB3');
    expect(() => judge({ file })).toThrow(
      expect.objectContaining({ exitCode: 5, message: expect.stringContaining('line 1') }),
    );
    expect(() => judge({ key: KEY_C, expected: FINGERPRINT_C, file })).toThrow('damaged');
  });
});
