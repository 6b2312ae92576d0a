// Whether the policy that holds now still knows a technician whom it let in before, and what it gives them.

import { rolesOf, type TechnicianIdentity } from '../../protocol/request.ts';
import type { Scope } from '../../protocol/scopes.ts';
import { effectiveScopes, type Policy } from './policy.ts';

/** Why this technician would not be let in now, for both people; null when they would. */
export function whyNoLonger(policy: Policy, technician: TechnicianIdentity): string | null {
  if (policy.closed !== null) return policy.closed;
  const { keyFingerprint, role, certificate } = technician;
  if (certificate !== undefined) {
    const known = policy.organisation.cas.some(({ fingerprint }) => fingerprint === certificate.ca);
    return known ? null : "this computer's policy does not know the technician's organisation any more";
  }
  const listed = policy.technicians.some((each) => each.key.fingerprint === keyFingerprint && each.role === role);
  return listed ? null : "this computer's policy does not list this technician any more";
}

/** What the technician may hold now, at most. */
export function scopesNow(policy: Policy, technician: TechnicianIdentity): Scope[] {
  return whyNoLonger(policy, technician) === null ? effectiveScopes(policy, rolesOf(technician)) : [];
}
