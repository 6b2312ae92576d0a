// A window with words to read, or to write: by yad, or by zenity where there is no yad.

import { ALLOW_ARMS_AFTER_MS } from '../../../protocol/consent.ts';
import { Dialog, type DialogCommand } from '../dialog/dialog.ts';
import { dialogText, pango } from '../dialog/pango.ts';
import type { DesktopPlace } from '../place.ts';

const WIDTH = 680; // pixels
const HEIGHT = 460; // pixels; longer text is scrolled
const TALL = 640; // pixels; of a page
const AROUND = 100; // pixels that the window's frame and what stands beside it need
const SMALL = [440, 170] as const; // pixels

export interface TextWindow {
  readonly title: string;
  /** Above the text, one sentence. */
  readonly heading: string;
  /** The text itself, as it is: no markup. */
  readonly text: string;
  /** Whether the person may change it. @default false */
  readonly editable?: boolean;
  /** On the button that means yes. */
  readonly yes: string;
  /** On the button that means no. @default none: there is nothing to refuse */
  readonly no?: string;
  /** For a sentence or two, which must not come under the hands of someone who types. @default false */
  readonly small?: boolean;
  /** As high as the screen allows, so that a page is seen to its end also in large letters. @default false */
  readonly tall?: boolean;
}

/** The text when yes was pressed, else null. Aborting takes the window away. */
export async function showText(window: TextWindow, place: DesktopPlace, signal: AbortSignal): Promise<string | null> {
  const area = await place.screen.workArea();
  const command = textCommand(window, place, Math.min(TALL, area.height - AROUND));
  if (command === null || signal.aborted) return null;
  using dialog = new Dialog(command, place);
  const stop = () => dialog[Symbol.dispose]();
  signal.addEventListener('abort', stop, { once: true });
  dialog.finishInput(window.text);
  const keyboard = setTimeout(() => dialog.letHaveKeyboard(), ALLOW_ARMS_AFTER_MS);
  const { code, output } = await dialog.closed;
  clearTimeout(keyboard);
  signal.removeEventListener('abort', stop);
  return code === 0 ? output : null;
}

function textCommand(window: TextWindow, place: DesktopPlace, highest: number): DialogCommand | null {
  const { title, heading, editable = false, yes, no, small = false, tall = false } = window;
  const [width, height] = small ? SMALL : [WIDTH, tall ? highest : HEIGHT];
  const size = [`--title=${title}`, `--width=${width}`, `--height=${height}`];
  const yad = place.find('yad');
  if (yad !== undefined) {
    return {
      program: yad,
      args: [
        '--text-info',
        ...size,
        '--center',
        '--wrap',
        '--margins=8',
        '--fontname=Sans 11',
        '--borders=14',
        `--text=${dialogText(`<b>${pango(heading)}</b>`)}`,
        ...(editable ? ['--editable'] : []),
        ...(small ? ['--no-focus'] : []),
        ...(no === undefined ? [] : [`--button=${no}:1`]),
        `--button=${yes}:0`,
      ],
    };
  }
  const zenity = place.find('zenity');
  if (zenity === undefined) return null;
  const args = ['--text-info', ...size, '--font=Sans 11', ...(editable ? ['--editable'] : []), `--ok-label=${yes}`];
  return { program: zenity, args: [...args, `--cancel-label=${no ?? 'Close'}`] };
}
