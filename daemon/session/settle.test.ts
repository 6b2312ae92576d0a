import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generateSignerKey, parseSignerKey } from '../../protocol/log/note-keys.ts';
import { Receipt } from '../../protocol/receipt.ts';
import { openSignedJson } from '../../protocol/signed-json.ts';
import type { Machine } from '../machine.ts';
import type { Session } from './session.ts';
import { settle } from './settle.ts';
import { newSession } from './test-session.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'chaperone-settle-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** What a session leaves on a machine whose log takes everything: its events and its receipt. */
async function settled(session: Session) {
  const events: { type: string; fields: unknown }[] = [];
  const signer = parseSignerKey(generateSignerKey('chaperone.example/desk').signerKey);
  const log = {
    checkpoint: 'a checkpoint',
    append: async (type: string, fields: unknown) => void events.push({ type, fields }),
    flush: async () => undefined,
  };
  const machine = { home, keys: { signer }, log, logger: { error: () => undefined } };
  const note = await settle(session, machine as unknown as Machine);
  return { events, receipt: openSignedJson('receipt', Receipt, note, signer.verifier.key) };
}

/** A part of which something lives on, however long one waits. */
const SURVIVOR = {
  freeze: () => undefined,
  thaw: () => undefined,
  cut: () => undefined,
  finish: () => Promise.reject(new Error('it survived')),
};

describe('what survived the end', () => {
  it('is counted in the log and on the receipt: parts that could not be finished, processes that could not be killed', async () => {
    const session = newSession();
    session.open();
    session.attach(SURVIVOR);
    session.counters.processesLeft = 2; // of a shell that had closed before
    session.end('local user', 'the person at the machine ended the session');
    const { events, receipt } = await settled(session);
    expect(receipt.processesLeft).toBe(3);
    expect(events).toContainEqual({ type: 'session.ended', fields: expect.objectContaining({ processesLeft: 3 }) });
    expect(events.map(({ type }) => type)).toEqual(['session.ended', 'receipt.issued']);
  });

  it('is none after an ordinary session', async () => {
    const session = newSession();
    session.open();
    session.end('technician', 'the technician ended the session');
    expect((await settled(session)).receipt).toMatchObject({ processesLeft: 0, endedBy: 'technician' });
  });
});
