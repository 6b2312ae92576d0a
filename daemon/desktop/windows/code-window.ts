// The machine's number and the one-time code in large letters, as long as they are good.

import { formatConnectionId } from '../../../protocol/connection-id.ts';
import type { LocalClient } from '../../local/client.ts';
import type { CodeView } from '../../local/controls.ts';
import { inFours, READ_FINGERPRINT, timeOfDay } from '../../prompt/words.ts';
import { Dialog, type DialogCommand } from '../dialog/dialog.ts';
import { dialogText, pango } from '../dialog/pango.ts';
import type { DesktopPlace } from '../place.ts';

const CHECK_MS = 1000; // a used code is replaced this fast
const NEW_CODE = 2;
export const CODE_TITLE = 'Chaperone: number and code';

/** Shows the present code, and the next one when it changes, until the person closes the window or `signal` says so. */
export async function showCode(client: LocalClient, place: DesktopPlace, signal: AbortSignal): Promise<void> {
  const { hostKey } = await client.status();
  let code = await client.code();
  while (!signal.aborted) {
    const command = codeCommand(codeMarkup(code, hostKey), place);
    if (command === null) return;
    using dialog = new Dialog(command, place);
    const changed = Promise.withResolvers<'changed'>();
    const checking = setInterval(() => {
      client.code().then(
        (now) => {
          if (now.code !== code.code) changed.resolve('changed');
        },
        () => changed.resolve('changed'),
      );
    }, CHECK_MS);
    const stop = () => dialog[Symbol.dispose]();
    signal.addEventListener('abort', stop, { once: true });
    const end = await Promise.race([dialog.closed, changed.promise]);
    clearInterval(checking);
    signal.removeEventListener('abort', stop);
    if (end === 'changed') code = await client.code();
    else if (end.code === NEW_CODE) code = await client.newCode();
    else return;
  }
}

/** Below the code, small: the fingerprint, which a technician who was never here before asks for. */
export function codeMarkup(code: CodeView, fingerprint: string): string {
  return [
    'Does somebody help you on the phone? Read these two to them:',
    '',
    "This computer's number",
    `<span size="xx-large" weight="bold">${pango(formatConnectionId(code.connectionId))}</span>`,
    '',
    'One-time code',
    `<span size="xx-large" weight="bold">${pango(code.code)}</span>`,
    '',
    `Good until ${timeOfDay(code.expiresAt)}. Read them only to someone whose call you expected.`,
    '',
    `<span size="small">${pango(READ_FINGERPRINT)}</span>`,
    `<span size="small" face="monospace">${pango(inFours(fingerprint))}</span>`,
  ].join('\n');
}

function codeCommand(markup: string, place: DesktopPlace): DialogCommand | null {
  const common = [`--title=${CODE_TITLE}`, `--text=${dialogText(markup)}`];
  const yad = place.find('yad');
  if (yad !== undefined) {
    const args = ['--form', ...common, '--center', '--borders=20', '--fixed'];
    return { program: yad, args: [...args, `--button=New code:${NEW_CODE}`, '--button=Close:1'] };
  }
  const zenity = place.find('zenity');
  return zenity === undefined
    ? null
    : { program: zenity, args: ['--info', '--no-wrap', ...common, '--ok-label=Close'] };
}
