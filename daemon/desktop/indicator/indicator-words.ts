// What the indicator says about a session.

import { sanitiseLine } from '../../../protocol/terminal/sanitise.ts';
import type { SessionView } from '../../local/controls.ts';
import { clock, lengthInWords } from '../../prompt/words.ts';
import { pango } from '../dialog/pango.ts';

const NAME_LENGTH = 40; // characters: the window is narrow

export interface IndicatorLooks {
  readonly session: SessionView;
  /** The key that ends everything, or empty where the desktop gives none. */
  readonly panicKey: string;
}

/** The words that stay, in markup. */
export function indicatorMarkup({ session, panicKey }: IndicatorLooks): string {
  const paused = session.state === 'paused';
  const name = pango(session.technician.name, NAME_LENGTH);
  const first = paused
    ? `<b>‖ PAUSED</b>  <b>${name}</b> sees nothing now`
    : `<span foreground="#c01c28"><b>●</b></span>  <b>${name}</b> is connected`;
  const why = paused && session.because !== '' ? `\n<small>${pango(session.because, 70)}</small>` : '';
  const key = panicKey === '' ? '' : `\n<small>${pango(panicKey)} ends it at once</small>`;
  return `${first}${why}${key}`;
}

/** All of it in plain words, for a window whose words can be changed: a line of its input, with `\n` for a new line. */
export function indicatorLine({ session, panicKey }: IndicatorLooks, time: string): string {
  const name = sanitiseLine(session.technician.name, NAME_LENGTH);
  const paused = session.state === 'paused';
  return [
    paused ? `‖ PAUSED: ${name} sees nothing now` : `● ${name} is connected`,
    ...(paused && session.because !== '' ? [sanitiseLine(session.because, 70)] : []),
    time,
    ...(panicKey === '' ? [] : [`${panicKey} ends it at once`]),
  ]
    .map((line) => line.replaceAll('\\', '\\\\'))
    .join('\\n');
}

/** `4:07 of at most 2 hours`, and how much of that is over in percent. */
export function elapsed(session: SessionView, now = Date.now()): { readonly words: string; readonly percent: number } {
  const start = Date.parse(session.startedAt);
  const limitMs = Date.parse(session.expiresAt) - start;
  const goneMs = Math.max(0, now - start);
  const percent = Math.min(99, Math.floor((goneMs / Math.max(1, limitMs)) * 100));
  return { words: `${clock(goneMs)} of at most ${lengthInWords(limitMs)}`, percent };
}
