// The indicator's window: a narrow strip that stays above all others, by yad, or by zenity where there is no yad.

import type { DialogCommand } from '../dialog/dialog.ts';
import { dialogText } from '../dialog/pango.ts';
import { commandLine, ownCommand } from '../own-command.ts';
import type { DesktopPlace } from '../place.ts';
import { inTerminal } from '../terminal-program.ts';
import { type IndicatorLooks, indicatorMarkup } from './indicator-words.ts';

const WIDTH = 430; // pixels
const STEP = 130; // pixels between two indicators
const MARGIN = 12; // pixels from the edge of the screen
export const INDICATOR_TITLE = 'Chaperone: someone is connected';
/** Of the button that ends the session. However the window ends, the session does; this says that it was meant. */
export const END_PRESSED = 10;

/** How the window is made, or null when no program can. `slot` counts the indicators that stand above this one. */
export async function indicatorCommand(
  looks: IndicatorLooks,
  slot: number,
  place: DesktopPlace,
): Promise<DialogCommand | null> {
  const yad = place.find('yad');
  if (yad !== undefined) return { program: yad, args: await yadIndicator(looks, slot, place) };
  const zenity = place.find('zenity');
  return zenity === undefined ? null : { program: zenity, args: zenityIndicator(looks) };
}

async function yadIndicator(looks: IndicatorLooks, slot: number, place: DesktopPlace): Promise<string[]> {
  const { session } = looks;
  const area = await place.screen.workArea();
  const x = Math.max(area.x, area.x + area.width - WIDTH - MARGIN);
  const y = area.y + MARGIN + slot * STEP;
  const terminal = inTerminal(place.find, 'watch');
  const paused = session.state === 'paused';
  const change = commandLine(ownCommand(paused ? 'resume' : 'pause', session.id));
  return [
    '--progress',
    `--title=${INDICATOR_TITLE}`,
    '--undecorated',
    '--on-top',
    '--sticky',
    '--no-focus',
    '--no-escape',
    '--skip-taskbar',
    `--geometry=${WIDTH}x80+${x}+${y}`,
    '--borders=10',
    `--text=${dialogText(indicatorMarkup(looks))}`,
    ...(terminal === null ? [] : [`--button=Watch:${commandLine(terminal)}`]),
    `--button=${paused ? 'Resume' : 'Pause'}:${change}`,
    `--button=End now:${END_PRESSED}`,
  ];
}

function zenityIndicator(looks: IndicatorLooks): string[] {
  return [
    '--progress',
    `--title=${INDICATOR_TITLE}`,
    `--text=${dialogText(indicatorMarkup(looks))}`,
    `--width=${WIDTH}`,
    '--cancel-label=End now',
    '--ok-label= ', // never to be pressed: the bar does not become full
  ];
}
