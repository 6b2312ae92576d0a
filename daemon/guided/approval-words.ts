// How a command came to be approved, as the log keeps it and as the technician is told: asked about or not, alone or
// with others. Nobody should read "similar ones" where it was this very command.

import type { CommandForm } from './form.ts';

export interface Approval {
  readonly logged: string;
  readonly told: string;
}

/** @param form of what was approved along with it for the session; null when it was approved alone */
export function approvalNow(form: CommandForm | null): Approval {
  if (form === null) return { logged: 'approved', told: 'the person approved it' };
  return isOneCommand(form)
    ? { logged: 'approved for this session', told: 'the person approved it for this session' }
    : { logged: 'approved with similar ones', told: 'the person approved it and similar ones for this session' };
}

/** @param same whether this very command was approved, and not only one of its form */
export function approvalBefore(same: boolean): Approval {
  return same
    ? { logged: 'approved before', told: 'the person approved this command before' }
    : { logged: 'approved as a similar one', told: 'the person approved similar ones before' };
}

function isOneCommand(form: CommandForm): boolean {
  return form.every((part) => 'word' in part);
}
