// A session without a machine, for unit tests.

import type { Grant } from '../../protocol/grant.ts';
import { Refusals } from './refusals.ts';
import { Session } from './session.ts';

export const TEST_SESSION = '0198c0de-0000-7000-8000-000000000001';

function grantFor(ms: number): Grant {
  return {
    v: 1,
    session: TEST_SESSION,
    machine: { id: '482913077', name: 'front-desk-2', hipaa: true },
    technician: {
      name: 'Dana Roe',
      role: 'technician',
      phone: '+1 555 0100',
      organisation: null,
      keyFingerprint: `SHA256:${'A'.repeat(43)}`,
      verifiedBy: 'listed',
    },
    reason: 'printer',
    ticket: 'T-1',
    asked: ['diagnostics', 'shell'],
    scopes: ['diagnostics'],
    grantedAt: new Date().toISOString(),
    expiresAt: new Date(Date.now() + ms).toISOString(),
    recorded: { output: true, input: false },
    containment: 'namespace',
    sandboxed: false,
  };
}

/** A session that lasts `ms`, not open yet. */
export function newSession(ms = 3_600_000): Session {
  return new Session(grantFor(ms), new Refusals(TEST_SESSION, { append: () => Promise.reject(new Error('not here')) }));
}
