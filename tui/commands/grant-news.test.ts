// Whoever lost a permission reads which one, and who took it.

import { expect, it } from 'vitest';
import type { AuditEventView } from '../../protocol/control/messages.ts';
import type { Scope } from '../../protocol/scopes.ts';
import { takenBack } from './grant-news.ts';

const event = (by: string, reason: string): AuditEventView => ({
  seq: 7,
  time: '2026-11-22T10:00:00.000Z',
  type: 'grant.changed',
  severity: 'notice',
  fields: { by, reason },
});
const before = { scopes: ['diagnostics', 'shell'] satisfies Scope[] };

it('says what the person took back', () => {
  const now = { scopes: ['diagnostics'] satisfies Scope[] };
  expect(takenBack(before, now, [event('local user', 'r')])).toEqual({
    scopes: ['shell'],
    words: 'the person took back: type commands',
  });
});

it('does not blame the person for what the policy took', () => {
  const now = { scopes: ['shell'] satisfies Scope[] };
  const audit = [event('local user', 'r'), event('machine', "this computer's policy does not allow this any more")];
  expect(takenBack(before, now, audit)?.words).toBe(
    "this computer's policy does not allow this any more: run health checks",
  );
});

it('is silent when nothing was lost', () => {
  expect(takenBack(before, { scopes: ['diagnostics', 'shell', 'reboot'] }, [])).toBeNull();
});
