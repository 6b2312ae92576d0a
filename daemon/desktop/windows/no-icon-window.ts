// Stands in for the tray's menu where nothing shows an icon, and says what to click, to someone who knows no commands.

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
    'Chaperone runs. This desktop has no tray for its icon: this window is your menu.',
    '',
    `When your technician asks for them, click <b>${WORDS.code}</b> and read both out.`,
    `When you need someone, click <b>${WORDS.help}</b> and write what is wrong.`,
    '',
    'Nobody can connect until a window has asked you and you allow it. While someone is',
    'connected, a window says so: <b>End now</b> in it ends everything at once.',
    notifies
      ? 'Reminders appear as notifications.'
      : 'Nothing shows notifications here: reminders appear as small windows.',
    '',
    'Leave this window open, and move it aside when it is in your way. Once it is closed,',
    'whoever looks after this computer has to start Chaperone again to bring it back.',
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
