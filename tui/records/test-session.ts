// Begins a session's folder in tests, as a connection would. Never shipped.

import type { Grant } from '../../protocol/grant.ts';
import type { SessionFolder, SessionStore } from './sessions.ts';

export const RECORDED_SESSION = '019aa000-0000-7000-8000-000000000001';

function grantOf(session: string): Grant {
  return {
    v: 1,
    session,
    machine: { id: '482913077', name: 'front-desk-2', hipaa: true },
    technician: {
      name: 'Dana',
      role: 'technician',
      phone: '1',
      organisation: null,
      keyFingerprint: `SHA256:${'b'.repeat(43)}`,
      verifiedBy: 'listed',
    },
    reason: 'slow',
    ticket: 'T-1',
    asked: ['shell'],
    scopes: ['shell'],
    grantedAt: '2026-11-22T10:00:00.000Z',
    expiresAt: '2026-11-22T12:00:00.000Z',
    recorded: { output: true, input: false },
    containment: 'tree',
    sandboxed: false,
  };
}

export function beginSession(store: SessionStore, session = RECORDED_SESSION): SessionFolder {
  return store.begin(
    {
      grant: grantOf(session),
      address: '192.0.2.7:2200',
      hostKey: `SHA256:${'a/+'.repeat(14)}a`,
      machineKey: 'k',
      startedAt: '2026-11-22T10:00:00.000Z',
    },
    'the grant',
  );
}
