// The person gives more of their own accord: a window with a box for each permission that policy has left, none ticked.

import { ALLOW_ARMS_AFTER_MS } from '../../../protocol/consent.ts';
import { SCOPE_WORDS, type Scope } from '../../../protocol/scopes.ts';
import type { SessionView } from '../../local/controls.ts';
import { postOf, scopesInWords } from '../../prompt/words.ts';
import type { DialogCommand } from '../dialog/dialog.ts';
import type { DesktopPlace } from '../place.ts';
import { showOnce } from '../prompt/ask-with-dialog.ts';
import { NOTHING_TICKED, paragraph, TOO_EARLY } from '../prompt/question-text.ts';
import type { TickForm } from '../prompt/tick-form.ts';
import { readYad, yadForm } from '../prompt/yad.ts';
import { readTicks, zenityForm } from '../prompt/zenity.ts';

export const MORE_TITLE = 'Chaperone: allow more';
const TIMEOUT_S = 120; // an open offer that nobody remembers is not left on the screen

/** What the person ticked and allowed; empty when nothing. @throws PromptLost when it is withdrawn or does not appear */
export async function askForMoreScopes(
  session: SessionView,
  place: DesktopPlace,
  signal: AbortSignal,
): Promise<readonly Scope[]> {
  const { technician, scopes, addable = [] } = session;
  const offered = addable.map((scope) => {
    const { title, allows } = SCOPE_WORDS[scope];
    return { scope, title, allows, preTicked: false };
  });
  let remark = '';
  for (;;) {
    const markup = [
      ...paragraph(`Allow ${technician.name} more?`, 44, 'size="x-large" weight="bold"'),
      ...paragraph(`${postOf(technician)}. Allowed already: ${scopesInWords(scopes)}.`),
      ...paragraph('It holds until the session ends. You can take it back at any time.'),
      ...(remark === '' ? [] : ['', ...paragraph(remark, 78, 'weight="bold"')]),
    ].join('\n');
    const ticked = new Set<Scope>();
    const form = { title: MORE_TITLE, label: 'Tick what you allow:', markup, offered, ticked, timeoutS: TIMEOUT_S };
    const [command, read] = windowFor(form, place);
    if (command === null) return [];
    const end = await showOnce(command, place, ALLOW_ARMS_AFTER_MS, signal, () => undefined);
    const pressed = read({ offered }, end);
    if (pressed.kind !== 'yes') return [];
    const early = end.inSightMs < ALLOW_ARMS_AFTER_MS;
    if (!early && pressed.scopes.length > 0) return pressed.scopes;
    remark = early ? TOO_EARLY : NOTHING_TICKED;
  }
}

function windowFor(form: TickForm, place: DesktopPlace): [command: DialogCommand | null, read: typeof readYad] {
  const yad = place.find('yad');
  if (yad !== undefined) return [{ program: yad, args: [...yadForm(form), '--fixed'] }, readYad];
  const zenity = place.find('zenity');
  return [zenity === undefined ? null : { program: zenity, args: zenityForm(form, 'Allow') }, readTicks];
}
