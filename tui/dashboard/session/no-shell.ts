// Why there is no shell in a session, as far as its events tell: who is to be asked depends on it.

import type { AuditEventView } from '../../../protocol/control/messages.ts';
import { type Scope, SHELL_SCOPES } from '../../../protocol/scopes.ts';

/** @param asked what the request asked for; @param events of the session, oldest first */
export function whyNoShell(asked: readonly Scope[], events: readonly AuditEventView[]): string {
  for (const { type, fields } of events.toReversed()) {
    if (type === 'grant.changed' && namesShell(fields.withdrawn)) {
      const who = fields.by === 'machine' ? "The machine's policy" : 'The local user';
      return `${who} has taken the shell back.`;
    }
    if ((type === 'request.made' || type === 'scope.requested') && namesShell(fields.refusedByPolicy)) {
      return "The machine's policy does not offer a shell to you. Its administrator decides that.";
    }
    if (type === 'scope.requested' && namesShell(fields.asked)) return NOT_ALLOWED;
  }
  return namesShell([...asked]) ? NOT_ALLOWED : 'You did not ask for a shell in this session.';
}

const NOT_ALLOWED = 'The local user has not allowed a shell in this session.';

function namesShell(scopes: AuditEventView['fields'][string] | undefined): boolean {
  return Array.isArray(scopes) && SHELL_SCOPES.some((scope) => scopes.includes(scope));
}
