// Whose keys work now in a session: the key bar shows these and no others.

import type { Place } from '../../bindings.ts';
import type { SessionSnapshot } from '../ports.ts';
import type { ShellStatus } from './shell-holder.ts';
import type { Tab } from './tab-row.ts';

/** Where letters are text: no other key of the session works there. */
const TYPED_INTO: readonly Place[] = ['form', 'entry', 'message', 'note'];

/** @param typingIn the shell that has the keyboard, or null */
export function activePlaces(
  { state }: Pick<SessionSnapshot, 'state'>,
  armed: boolean,
  asking: boolean,
  tab: Tab,
  tabPlace: Place,
  typingIn: ShellStatus | null,
  hasShell: boolean,
): readonly Place[] {
  if (state === 'ended') return armed ? ['ended'] : [];
  if (asking) return ['question'];
  if (typingIn !== null) return typingIn.state === 'closed' ? ['shellGone'] : ['shell'];
  if (tab === 'Shell' && (state === 'paused' || !hasShell)) return ['session', 'everywhere'];
  const place = tab === 'Shell' ? 'shellTab' : tabPlace;
  return TYPED_INTO.includes(place) ? [place] : [place, 'session', 'everywhere'];
}
