// Status lines of one machine, for the conversation before a session.

import type { ConversationStatus } from '../../protocol/conversation.ts';
import type { Machine } from '../machine.ts';

export type StatusOf = (
  state: ConversationStatus['state'],
  message: string,
  more?: Partial<Pick<ConversationStatus, 'attemptsLeft' | 'until' | 'code' | 'notGiven'>>,
) => ConversationStatus;

export function statusOf(machine: Pick<Machine, 'identity'>): StatusOf {
  return (state, message, more = {}) => ({
    v: 1,
    state,
    message,
    machine: machine.identity,
    now: new Date().toISOString(), // last: what is left until `until` is never more than was agreed
    ...more,
  });
}
