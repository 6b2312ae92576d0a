// The words over the middle of a session that is paused or over, or that the technician is about to end.

import type { NoticeText } from '../notice.ts';
import type { SessionSnapshot } from '../ports.ts';
import type { Tab } from './tab-row.ts';

interface NoticeCircumstances {
  readonly asking: boolean;
  readonly armed: boolean;
  readonly tab: Tab;
  readonly inShell: boolean;
}

export function sessionNotice(
  { state, because }: Pick<SessionSnapshot, 'state' | 'because'>,
  { asking, armed, tab, inShell }: NoticeCircumstances,
): NoticeText | null {
  if (state === 'ended') {
    return {
      meaning: 'danger',
      title: 'The session is over',
      lines: [because],
      keys: [armed ? 'Enter  show the receipt' : 'Enter  works in a moment'],
    };
  }
  if (asking) {
    return {
      meaning: 'warning',
      title: 'End the session?',
      lines: ['The local user gets the receipt, and you cannot come back without being allowed again.'],
      keys: [armed ? 'y  end it    n  go on' : 'y  works in a moment    n  go on'],
    };
  }
  if (state === 'paused' && tab === 'Shell') {
    const lines = [because, 'Nothing is shown and nothing you type is sent until the local user resumes.'];
    const keys = inShell ? ['Ctrl-]  leave the shell'] : [];
    return { meaning: 'warning', title: 'The session is paused', lines, keys };
  }
  return null;
}
