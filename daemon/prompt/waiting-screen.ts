// The screen between questions: what to read to the helper on the phone, and who is connected now. Pure.

import { formatConnectionId } from '../../protocol/connection-id.ts';
import type { CodeView, SessionView } from '../local/controls.ts';
import { bar, type Line } from '../terminal/line.ts';
import type { Size } from '../terminal/local-terminal.ts';
import { wrap } from '../terminal/wrap.ts';
import { bigLetters } from './big-letters.ts';
import { clock, recordingInWords, scopesInWords, stateInWords, timeOfDay, whoIs } from './words.ts';

const MARGIN = '  ';
const SOON_MS = 60_000; // a code that ends within a minute may end while it is read out

export interface WaitingView {
  readonly machine: { readonly name: string };
  readonly code: CodeView;
  readonly codeLeftMs: number;
  /** Live ones only. */
  readonly sessions: readonly SessionView[];
  /** What happened last, one sentence; may be empty. */
  readonly news: string;
  /** Why questions would not appear here; empty when they do. */
  readonly trouble: string;
}

export function waitingScreen(view: WaitingView, { cols, rows }: Size): Line[] {
  const width = cols - MARGIN.length;
  const foot = keyBar(view.sessions);
  const bottom: Line[] = [
    ...sentences(view.trouble, width).map((text): Line => [MARGIN, { text, as: 'danger' }]),
    ...sentences(view.news, width).map((text): Line => [MARGIN, { text, as: 'strong' }]),
    [MARGIN, ...foot],
  ];
  const head = bar('CHAPERONE', view.machine.name, cols);
  const connected = sessionLines(view.sessions, width);
  const room = rows - 1 - bottom.length - connected.length;
  // From airy to dense, the first that fits; who is connected is never cut for the sake of the code.
  const layouts = [
    [[], ...codeLines(view, width, true, true), []],
    codeLines(view, width, true, false),
    codeLines(view, width, false, true),
    codeLines(view, width, false, false),
  ];
  const top =
    layouts.find((lines) => lines.length <= room) ?? codeLines(view, width, false, false).slice(0, Math.max(0, room));
  const filler: Line[] = Array.from({ length: Math.max(0, room - top.length) }, () => []);
  return [head, ...top, ...connected, ...filler, ...bottom].slice(0, rows);
}

function sentences(text: string, width: number): string[] {
  return text === '' ? [] : wrap(text, width);
}

/** `large`: in letters of three rows; `airy`: with blank lines between. */
function codeLines({ code, codeLeftMs }: WaitingView, width: number, large: boolean, airy: boolean): Line[] {
  const number = formatConnectionId(code.connectionId);
  const gap: Line[] = airy ? [[]] : [];
  const left =
    codeLeftMs <= 0
      ? 'A new code is on its way.'
      : `A new code comes in ${clock(codeLeftMs)}${codeLeftMs <= SOON_MS ? ': read it out quickly, or press N' : ''}.`;
  return [
    [MARGIN, 'Somebody helps you on the phone? Read these two to them:'],
    ...gap,
    ...shown("This computer's number", number, width, large),
    ...gap,
    ...shown('One-time code', code.code, width, large),
    ...gap,
    [MARGIN, { text: left, as: codeLeftMs <= SOON_MS ? 'warning' : 'muted' }],
    [MARGIN, { text: 'Give them to nobody who called you unexpectedly.', as: 'muted' }],
  ];
}

function shown(label: string, text: string, width: number, large: boolean): Line[] {
  const letters = large ? bigLetters(text, width - 2) : null;
  if (letters === null) return [[MARGIN, `${label}: `, { text, as: 'strong' }]];
  return [
    [MARGIN, `${label}: `, { text, as: 'strong' }],
    ...letters.map((row): Line => [`${MARGIN}  `, { text: row, as: 'strong' }]),
  ];
}

/** Who is connected, since when, and what they may do. */
function sessionLines(sessions: readonly SessionView[], width: number): Line[] {
  if (sessions.length === 0) return [[MARGIN, { text: 'Nobody is connected.', as: 'good' }]];
  const lines: Line[] = [];
  for (const session of sessions) {
    const paused = session.state === 'paused';
    const since = `since ${timeOfDay(session.startedAt)}, until ${timeOfDay(session.expiresAt)} at the latest`;
    lines.push([
      MARGIN,
      { text: paused ? '‖ ' : '● ', as: paused ? 'warning' : 'danger' },
      { text: `${whoIs(session.technician)} is ${paused ? 'paused' : 'connected'} `, as: 'strong' },
      since,
    ]);
    if (paused) lines.push([`${MARGIN}  `, { text: stateInWords(session), as: 'warning' }]);
    const can = `They can: ${scopesInWords(session.scopes)} · ${recordingInWords(session)}`;
    for (const part of wrap(can, width - 2)) {
      lines.push([`${MARGIN}  `, { text: part, as: session.recording === 'failed' ? 'danger' : 'muted' }]);
    }
  }
  return lines;
}

function keyBar(sessions: readonly SessionView[]): Line {
  const key = (name: string, what: string): Line => [{ text: ` ${name} `, as: 'focus' }, ` ${what}   `];
  const live: Line[] = [];
  const all = sessions.length > 1 ? ' all' : '';
  if (sessions.some(({ state }) => state === 'active')) live.push(key('P', `Pause${all}`));
  if (sessions.some(({ state }) => state === 'paused')) live.push(key('R', `Resume${all}`));
  if (sessions.length > 0) live.push(key('E', `End${all} now`));
  return [...live, key('N', 'New code'), key('Q', 'Close')].flat();
}
