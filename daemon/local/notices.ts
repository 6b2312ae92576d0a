// Audit events in the words of the person at the machine. Events that mean nothing to them give no line.

import { EVENT_FIELDS, type EventType } from '../../protocol/audit/catalogue.ts';
import { diagnosticTitle } from '../../protocol/diagnostic-names.ts';
import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';
import type { AuditEvent } from '../audit/machine-log.ts';
import { scopesInWords } from '../prompt/words.ts';

export function noticeOf(event: AuditEvent): string | null {
  switch (event.type) {
    case 'shell.opened':
      return 'The technician can type commands now. The view shows them: chaperoned watch.';
    case 'shell.closed':
      return 'A shell was closed.';
    case 'lease.made':
      return 'The technician may come back once after a restart, within 15 minutes. To forbid it, take the permission back.';
    case 'consent.leased':
      return 'The technician has come back after the restart, as you allowed.';
    case 'scope.requested':
      return `The technician asks for more: ${scopesInWords(fieldsOf('scope.requested', event).asked)}.`;
    case 'command.proposed': {
      const { command, purpose } = fieldsOf('command.proposed', event);
      return `The technician suggests a command (${sanitiseLine(purpose, 300)}): ${sanitiseLine(command, 150)}`;
    }
    case 'command.started':
      return `Your approved command runs, its output is in the view (chaperoned watch): ${sanitiseLine(fieldsOf('command.started', event).command, 400)}`;
    case 'command.ended':
      return `The command has ended: ${fieldsOf('command.ended', event).outcome}.`;
    case 'diagnostic.started':
      return `The technician runs a health check: ${diagnosticTitle(fieldsOf('diagnostic.started', event).id)}.`;
    case 'diagnostic.ended':
      return `Health check ${diagnosticTitle(fieldsOf('diagnostic.ended', event).id)}: ${sanitiseLine(fieldsOf('diagnostic.ended', event).message)}`;
    case 'grant.changed': {
      const { added, withdrawn } = fieldsOf('grant.changed', event);
      return added.length > 0
        ? `The technician can now also ${scopesInWords(added)}.`
        : `The technician can no longer ${scopesInWords(withdrawn)}.`;
    }
    case 'ssh.refused':
      return refusedInWords(fieldsOf('ssh.refused', event).what);
    case 'recording.failed':
      return 'The recording stopped working, so the session ends.';
    default:
      return null;
  }
}

/** Asking is no offence: whoever asked for too much is not said to have tried something. */
function refusedInWords(what: string): string {
  if (what === 'control shell.suggest')
    return 'The technician wanted to suggest a command, which you have not allowed. Nothing was run.';
  if (what.startsWith('scope.request '))
    return 'The technician asked for a permission that they cannot be given. Nothing has changed.';
  return 'The technician tried something that you did not allow. It was refused.';
}

function fieldsOf<T extends EventType>(type: T, event: AuditEvent) {
  return EVENT_FIELDS[type].parse(event.fields) as Extract<ReturnType<(typeof EVENT_FIELDS)[T]['parse']>, object>;
}
