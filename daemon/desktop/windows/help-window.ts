// Get help: the person describes what is wrong, is shown what may name a patient, and only then it is kept.

import type { LocalClient } from '../../local/client.ts';
import type { DesktopPlace } from '../place.ts';
import { findIdentifiers } from './identifiers.ts';
import { showText } from './text-window.ts';

export const HELP_TITLE = 'Chaperone: get help';
const HEADING = 'What is wrong? Please write no names or numbers of patients.';
const TEXT_MAX = 1900; // characters, as the daemon takes them

/** Whether a wish was left with the daemon. */
export async function askForHelp(client: LocalClient, place: DesktopPlace, signal: AbortSignal): Promise<boolean> {
  let text = '';
  for (;;) {
    const written = await showText(
      { title: HELP_TITLE, heading: HEADING, text, editable: true, yes: 'Go on', no: 'Cancel' },
      place,
      signal,
    );
    text = (written ?? '').trim().slice(0, TEXT_MAX);
    if (text === '') return false;
    const found = findIdentifiers(text);
    const checked = await showText(
      {
        title: HELP_TITLE,
        heading: found.length === 0 ? 'Is this right?' : 'Some of this may name a patient. Is it needed?',
        text: checkWords(text, found),
        yes: 'Ask for help',
        no: 'Change it',
      },
      place,
      signal,
    );
    if (signal.aborted) return false;
    if (checked === null) continue;
    await client.askForHelp(text);
    return true;
  }
}

function checkWords(text: string, found: ReturnType<typeof findIdentifiers>): string {
  const marked = found.map(({ kind, text: words }) => `  •  ${words}  (looks like ${kind})`);
  return [
    ...(marked.length === 0 ? [] : ['Please look at:', ...marked, '']),
    'You wrote:',
    text,
    '',
    'These words stay on this computer. The technician who connects next, after you allowed it, reads them.',
    'They do not call anybody: please phone your helpdesk.',
  ].join('\n');
}
