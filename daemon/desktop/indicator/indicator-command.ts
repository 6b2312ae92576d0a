// The indicator's window: a narrow strip that stays above all others, by yad, or by zenity where there is no yad; where
// there is neither, `chaperoned watch` in a terminal.

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
/** Of yad's button that ends the session. However the window ends, the session does; this says that it was meant. */
const END_PRESSED = 10;
/** Of zenity's only button, of Esc and of the cross: it has one number for all of them. */
const CLOSED = 1;

export interface IndicatorCommand extends DialogCommand {
  /** Exit code that says: the person meant to end the session. */
  readonly endPressed: number | null;
  /** What it reads from its input once a second: the words that change, or all of them. */
  readonly reads: 'time' | 'everything' | 'nothing';
}

/** How the window is made, or null when no program can. `slot` counts the indicators that stand above this one. */
export async function indicatorCommand(
  looks: IndicatorLooks,
  slot: number,
  place: DesktopPlace,
): Promise<IndicatorCommand | null> {
  const yad = place.find('yad');
  if (yad !== undefined) {
    return { program: yad, args: await yadIndicator(looks, slot, place), endPressed: END_PRESSED, reads: 'time' };
  }
  const zenity = place.find('zenity');
  if (zenity !== undefined) return { program: zenity, args: ZENITY, endPressed: CLOSED, reads: 'everything' };
  const [terminal, ...args] = inTerminal(place.find, 'watch') ?? [];
  return terminal === undefined ? null : { program: terminal, args, endPressed: null, reads: 'nothing' };
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

/**
 * The same for every session and state: what it says comes by its input. A second window for a paused session would lie
 * below the first one, where nobody sees it.
 */
const ZENITY = [
  '--progress',
  `--title=${INDICATOR_TITLE}`,
  `--width=${WIDTH}`,
  '--cancel-label=End now',
  '--ok-label= ', // never to be pressed: the bar does not become full
];
