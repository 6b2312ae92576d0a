// A certificate that ends while the person reads the question opens nothing, and one that ends soon opens no more.

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ConversationStatus } from '../../protocol/conversation.ts';
import type { Grant } from '../../protocol/grant.ts';
import { ConsentDesk } from '../consent/desk.ts';
import { ScriptedPrompter } from '../consent/scripted-prompter.ts';
import { effectivePolicy } from '../policy/effective.ts';
import { PublicKeyLine } from '../policy/public-key.ts';
import { ED25519 } from '../policy/test-keys.ts';
import { treeContainment } from '../run/tree-containment.ts';
import { TEST_SESSION, testTechnician } from '../session/test-session.ts';
import { consent } from './consent.ts';

const NOON = Date.parse('2026-11-22T12:00:00Z');
const CA = PublicKeyLine.parse(ED25519);

let told: ConversationStatus[];
let logged: string[];
let shown: number;
beforeEach(() => {
  shown = 0;
  vi.useFakeTimers({ now: NOON });
  [told, logged] = [[], []];
});
afterEach(() => {
  vi.useRealTimers();
});

/** Asks for a technician whose certificate ends at `until`; the person allows after `readingMs`. */
async function ask(until: number, readingMs: number, recorded: Promise<unknown> = Promise.resolve()): Promise<Grant> {
  const desk = new ConsentDesk(0);
  using _ = desk.addPrompter(
    new ScriptedPrompter(({ question, display, answer }) => {
      display();
      shown += 1;
      expect(question.limitMs).toBe(until - NOON);
      expect(question.notices.join()).toContain("technician's certificate ends at");
      vi.setSystemTime(NOON + readingMs);
      answer({ allow: true, scopes: ['diagnostics'] });
    }),
  );
  const { certificate, ...who } = testTechnician(new Date(until).toISOString());
  if (certificate === undefined) throw new Error('it has none');
  const technician = { ...who, certificate: { ...certificate, ca: CA.fingerprint } };
  const tell = async (status: ConversationStatus) => void told.push(status);
  const { grant } = await consent(
    { address: '192.0.2.7:50022', closed: new AbortController().signal },
    {
      technician,
      request: { reason: 'no paper', ticket: 'HD-1', scopes: ['diagnostics'] },
      askable: ['diagnostics'],
      notGiven: [],
      recorded,
      conversation: { structured: true, tell, refuse: tell },
    },
    TEST_SESSION,
    {
      identity: { id: '482913077', name: 'front-desk-2', hipaa: true },
      policy: effectivePolicy({ machine: { 'organisation.ca': [CA] }, organisation: { kind: 'none' } }),
      desk,
      containment: treeContainment,
      log: { append: async (type) => logged.push(type) as never },
      sessions: { live: [] },
    },
  );
  return grant;
}

it('ends with the certificate at the latest, which the technician is told while they wait', async () => {
  const grant = await ask(NOON + 90_000, 30_000);
  expect(grant).toMatchObject({ grantedAt: '2026-11-22T12:00:30.000Z', expiresAt: '2026-11-22T12:01:30.000Z' });
  expect(told.map(({ message }) => message).join()).toContain(
    'Your certificate ends at 2026-11-22T12:01:30Z, and the session',
  );
});

it('is not granted when the certificate ended while the person was reading', async () => {
  await expect(ask(NOON + 5_000, 5_000)).rejects.toThrow("the technician's certificate is not valid any more");
  expect(told.at(-1)).toMatchObject({ state: 'refused', code: 'certificate-expired' });
  expect(logged).toContain('consent.denied');
  expect(logged).not.toContain('consent.granted');
});

it('shows nobody a request that the log does not have', async () => {
  const log = Promise.withResolvers<void>();
  const answered = ask(NOON + 90_000, 30_000, log.promise);
  await vi.advanceTimersByTimeAsync(1_000);
  expect([shown, told]).toEqual([0, []]);
  log.reject(new Error('the disk is full'));
  await expect(answered).rejects.toThrow('the disk is full');
  expect([shown, told]).toEqual([0, []]);
});
