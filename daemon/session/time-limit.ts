// When a session ends at the latest: after the time that the policy gives, and never after the technician's certificate.

import type { TechnicianIdentity } from '../../protocol/request.ts';

export interface TimeLimit {
  /** In ms since 1970. */
  readonly endsAt: number;
  /** The certificate ends before the time that the policy gives: both people are told. */
  readonly byCertificate: boolean;
}

/** @param from ms since 1970; @param maxSessionMs what the policy gives */
export function timeLimit(technician: TechnicianIdentity, from: number, maxSessionMs: number): TimeLimit {
  const agreed = from + maxSessionMs;
  const certificateEnd = certificateEndOf(technician);
  return { endsAt: Math.min(agreed, certificateEnd), byCertificate: certificateEnd < agreed };
}

/** When the technician's certificate ends, in ms since 1970; Infinity for one without end and for a listed key. */
export function certificateEndOf({ certificate }: TechnicianIdentity): number {
  const until = certificate?.validUntil ?? null;
  return until === null ? Number.POSITIVE_INFINITY : Date.parse(until);
}
