// A session without a machine, for unit tests.

import type { Grant } from '../../protocol/grant.ts';
import type { TechnicianIdentity } from '../../protocol/request.ts';
import { Refusals } from './refusals.ts';
import { Session } from './session.ts';

export const TEST_SESSION = '0198c0de-0000-7000-8000-000000000001';

/** Listed in the policy, or certified `until` an instant; null for a certificate without end. */
export function testTechnician(until?: string | null): TechnicianIdentity {
  const key = `SHA256:${'A'.repeat(43)}`;
  const who = { name: 'Dana Roe', role: 'technician', phone: '+1 555 0100', organisation: null, keyFingerprint: key };
  if (until === undefined) return { ...who, verifiedBy: 'listed' };
  const certificate = { serial: '1', ca: key, roles: ['technician'], title: null, validUntil: until };
  return { ...who, verifiedBy: 'certificate', certificate };
}

function grantFor(ms: number, technician: TechnicianIdentity): Grant {
  return {
    v: 1,
    session: TEST_SESSION,
    machine: { id: '482913077', name: 'front-desk-2', hipaa: true },
    technician,
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
export function newSession(ms = 3_600_000, technician = testTechnician()): Session {
  return new Session(
    grantFor(ms, technician),
    new Refusals(TEST_SESSION, { append: () => Promise.reject(new Error('not here')) }),
  );
}
