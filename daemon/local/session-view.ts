// A session as the local user's programs show it.

import type { Session } from '../session/session.ts';
import type { SessionView } from './controls.ts';

export function sessionView(session: Session): SessionView {
  const { grant } = session;
  return {
    id: session.id,
    state: session.state,
    because: session.because,
    technician: grant.technician,
    reason: grant.reason,
    ticket: grant.ticket,
    scopes: grant.scopes,
    startedAt: session.startedAt.toISOString(),
    expiresAt: grant.expiresAt,
    recording: session.recordingFailed ? 'failed' : session.mirrors.size > 0 ? 'on' : 'waiting',
    channels: session.partCount,
  };
}
