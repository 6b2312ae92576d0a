// A session as the local user's programs show it.

import type { Machine } from '../machine.ts';
import { addableScopes } from '../session/change-grant.ts';
import type { Session } from '../session/session.ts';
import type { SessionView } from './controls.ts';

export function sessionView(session: Session, machine: Machine): SessionView {
  const { grant } = session;
  return {
    id: session.id,
    state: session.state,
    because: session.because,
    technician: grant.technician,
    reason: grant.reason,
    ticket: grant.ticket,
    scopes: grant.scopes,
    addable: addableScopes(machine, session),
    startedAt: session.startedAt.toISOString(),
    expiresAt: grant.expiresAt,
    recording: session.recordingFailed ? 'failed' : session.mirrors.size > 0 ? 'on' : 'waiting',
    channels: session.partCount,
  };
}
