// Stands in for the tray's menu where nothing shows an icon, and says what works here and what does not.

import { ALLOW_ARMS_AFTER_MS } from '../../../protocol/consent.ts';
import { Dialog, type DialogCommand } from '../dialog/dialog.ts';
import { dialogText } from '../dialog/pango.ts';
import type { DesktopPlace } from '../place.ts';

export const NO_ICON_TITLE = 'Chaperone: no icon on this desktop';
const CODE = 20;
const HELP = 22;
const WORDS = { code: 'Show number and code', help: 'Get help…' } as const;

/** What the person chose, or null when they closed it. `notifies`: whether notifications appear here. */
export async function showInsteadOfIcon(
  notifies: boolean,
  place: DesktopPlace,
  signal: AbortSignal,
): Promise<keyof typeof WORDS | null> {
  const command = windowFor(noIconWords(notifies), place);
  if (command === null || signal.aborted) return null;
  using dialog = new Dialog(command, place);
  const stop = () => dialog[Symbol.dispose]();
  signal.addEventListener('abort', stop, { once: true });
  const keyboard = setTimeout(() => dialog.letHaveKeyboard(), ALLOW_ARMS_AFTER_MS);
  const { code, output } = await dialog.closed;
  clearTimeout(keyboard);
  signal.removeEventListener('abort', stop);
  if (code === CODE || output.trim() === WORDS.code) return 'code';
  return code === HELP || output.trim() === WORDS.help ? 'help' : null;
}

/** One sentence a line, none of them anyone else's words. */
export function noIconWords(notifies: boolean): string {
  return [
    'Chaperone runs. This desktop has no tray, so there is no icon and no menu.',
    '',
    'What works: when someone asks to help, a window asks you. While they are',
    'connected, a window shows it, with a button that ends it.',
    notifies
      ? 'Reminders appear as notifications.'
      : 'Nothing shows notifications here: reminders appear as small windows.',
    '',
    'You can close this window. Later, in a terminal:',
    '<tt>chaperoned code</tt> shows the number and the code, <tt>chaperoned withdraw</tt>',
    'takes a permission back, <tt>chaperoned end</tt> ends everything.',
  ].join('\n');
}

function windowFor(markup: string, place: DesktopPlace): DialogCommand | null {
  const common = [`--title=${NO_ICON_TITLE}`, `--text=${dialogText(markup)}`];
  const yad = place.find('yad');
  if (yad !== undefined) {
    const buttons = [`--button=${WORDS.code}:${CODE}`, `--button=${WORDS.help}:${HELP}`, '--button=Close:1'];
    return { program: yad, args: ['--form', ...common, '--no-focus', '--borders=16', '--fixed', ...buttons] };
  }
  const zenity = place.find('zenity');
  if (zenity === undefined) return null;
  const buttons = [`--extra-button=${WORDS.code}`, `--extra-button=${WORDS.help}`, '--ok-label=Close'];
  return { program: zenity, args: ['--info', '--no-wrap', ...common, ...buttons] };
}
