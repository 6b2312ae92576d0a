import { describe, expect, it } from 'vitest';
import type { KnownMachine } from '../records/machines.ts';
import { type HostKeyFacts, judgeHostKey } from './host-key.ts';

const KEY_A = `SHA256:${'a'.repeat(43)}`;
const KEY_B = `SHA256:${'b'.repeat(43)}`;
const KEY_C = `SHA256:${'c'.repeat(43)}`;

function known(fingerprint: string, connectionId: string | null, ...addresses: string[]): KnownMachine {
  return {
    v: 1,
    fingerprint,
    machineKey: null,
    connectionId,
    name: 'front-desk-2',
    addresses,
    firstSeen: '2026-01-01T00:00:00.000Z',
    lastSession: null,
    sessions: 0,
  };
}

const desk = known(KEY_A, '482913077', '192.0.2.7:2200', '192.0.2.6:2200');
const lab = known(KEY_B, '735004124', '192.0.2.8:2200');

function judge(facts: Partial<HostKeyFacts>) {
  return judgeHostKey({
    fingerprint: KEY_A,
    connectionId: null,
    address: '192.0.2.7:2200',
    expected: null,
    known: [desk, lab],
    ...facts,
  });
}

describe('who answers', () => {
  it('is known by its key, wherever it is now', () => {
    expect(judge({})).toEqual({ kind: 'known', machine: desk });
    expect(judge({ connectionId: '482913077', address: '198.51.100.1:2200' })).toEqual({
      kind: 'known',
      machine: desk,
    });
    expect(judge({ address: '198.51.100.1:2200' })).toEqual({ kind: 'known', machine: desk });
  });

  it('is unknown when neither key, ID nor address was ever met', () => {
    expect(judge({ fingerprint: KEY_C, address: '198.51.100.1:2200' })).toEqual({ kind: 'unknown' });
    expect(judge({ fingerprint: KEY_C, connectionId: '111111111' })).toEqual({ kind: 'unknown' });
  });

  it('stops at a changed key, and shows both', () => {
    for (const facts of [
      { fingerprint: KEY_C, connectionId: '482913077' },
      { fingerprint: KEY_C, connectionId: '482913077', address: '198.51.100.1:2200' },
      { fingerprint: KEY_C },
    ]) {
      expect(() => judge(facts)).toThrow(
        expect.objectContaining({
          exitCode: 5,
          message: expect.stringMatching(/SHA256:a+.*SHA256:c+/),
          hint: expect.stringContaining(`--fingerprint ${KEY_C}`),
        }),
      );
    }
  });

  it('stops when another known machine answers than the one that was meant', () => {
    expect(() => judge({ fingerprint: KEY_B, connectionId: '482913077' })).toThrow(
      expect.objectContaining({ exitCode: 5 }),
    );
    expect(() => judge({ fingerprint: KEY_B })).toThrow(expect.objectContaining({ exitCode: 5 }));
  });

  it('believes a fingerprint that somebody read out, and no other', () => {
    expect(judge({ fingerprint: KEY_C, expected: KEY_C })).toEqual({
      kind: 'vouched',
      machine: null,
      replaces: [desk],
    });
    expect(judge({ expected: KEY_A })).toEqual({ kind: 'vouched', machine: desk, replaces: [] });
    expect(() => judge({ fingerprint: KEY_A, expected: KEY_C })).toThrow(expect.objectContaining({ exitCode: 5 }));
  });
});
