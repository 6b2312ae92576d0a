// The screen between questions: what to read to the helper on the phone, and who is connected now. Pure.

import { formatConnectionId } from '../../protocol/connection-id.ts';
import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';
import type { CodeView, SessionView } from '../local/controls.ts';
import { bar, type Line, type Meaning } from '../terminal/line.ts';
import type { Size } from '../terminal/local-terminal.ts';
import { wrap } from '../terminal/wrap.ts';
import { bigLetters } from './big-letters.ts';
import { clock, recordingInWords, scopesInWords, timeOfDay, whoIs } from './words.ts';

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
  const width = cols - 2 * MARGIN.length;
  const bottom: Line[] = [
    ...sentence(view.trouble, width, 'danger'),
    ...sentence(view.news, width, 'strong'),
    [MARGIN, ...keyBar(view.sessions)],
  ];
  const room = rows - 1 - bottom.length;
  // From airy to dense, the first that fits. Who is connected is never cut for the sake of the code.
  const layouts: Line[][] = [
    [[], ...codeLines(view, width, 'large', true), [], ...sessionLines(view.sessions, width, true)],
    [...codeLines(view, width, 'large', false), ...sessionLines(view.sessions, width, true)],
    [...codeLines(view, width, 'number', false), [], ...sessionLines(view.sessions, width, true)],
    [...codeLines(view, width, 'text', true), [], ...sessionLines(view.sessions, width, true)],
    [...codeLines(view, width, 'text', false), ...sessionLines(view.sessions, width, true)],
    [...sessionLines(view.sessions, width, false), ...codeLines(view, width, 'text', false)],
  ];
  const middle = (layouts.find((lines) => lines.length <= room) ?? layouts.at(-1) ?? []).slice(0, Math.max(0, room));
  const filler: Line[] = Array.from({ length: Math.max(0, room - middle.length) }, () => []);
  return [bar('CHAPERONE', view.machine.name, cols), ...middle, ...filler, ...bottom].slice(0, rows);
}

function sentence(text: string, width: number, as: Meaning): Line[] {
  return text === '' ? [] : wrap(sanitiseLine(text, 500), width).map((part) => [MARGIN, { text: part, as }]);
}

/** `large`: number and code in letters of three rows; `number`: only the number; `airy`: with blank lines between. */
function codeLines(
  { code, codeLeftMs }: WaitingView,
  width: number,
  size: 'large' | 'number' | 'text',
  airy: boolean,
): Line[] {
  const gap: Line[] = airy ? [[]] : [];
  const hurry = codeLeftMs <= SOON_MS;
  const left =
    codeLeftMs <= 0
      ? 'A new code is on its way.'
      : `A new code comes in ${clock(codeLeftMs)}${hurry ? ': read it out quickly, or press N' : ''}.`;
  return [
    ...sentence('Does somebody help you on the phone? Read these two to them:', width, 'strong'),
    ...gap,
    ...shown("This computer's number", formatConnectionId(code.connectionId), width, size !== 'text'),
    ...gap,
    ...shown('One-time code', code.code, width, size === 'large'),
    ...gap,
    ...sentence(left, width, hurry ? 'warning' : 'muted'),
    ...sentence('Read them only to someone whose call you expected.', width, 'muted'),
  ];
}

/** Plain, so that it can be copied and read aloud by a program, and large below, broken at hyphens where it must be. */
function shown(label: string, text: string, width: number, large: boolean): Line[] {
  const plain: Line = [MARGIN, `${label}: `, { text, as: 'strong' }];
  if (!large) return [plain];
  const rows: string[] = [];
  let row = '';
  for (const part of text.split(/(?<=-)/)) {
    if (row !== '' && bigLetters(row + part, width - 2) === null) {
      rows.push(row);
      row = '';
    }
    row += part;
  }
  const letters = [...rows, row].map((each) => bigLetters(each, width - 2));
  if (letters.includes(null)) return [plain];
  return [
    plain,
    ...letters.flatMap((each) => (each ?? []).map((dots): Line => [`${MARGIN}  `, { text: dots, as: 'strong' }])),
  ];
}

/** Who is connected, since when, and what they may do; in one line each when there is little room. */
function sessionLines(sessions: readonly SessionView[], width: number, full: boolean): Line[] {
  if (sessions.length === 0) return [[MARGIN, { text: 'Nobody is connected.', as: 'good' }]];
  return sessions.flatMap((session): Line[] => {
    const paused = session.state === 'paused';
    const who = full ? whoIs(session.technician) : session.technician.name;
    const first: Line = [
      MARGIN,
      { text: paused ? '‖ ' : '● ', as: paused ? 'warning' : 'danger' },
      { text: `${who} is ${paused ? 'PAUSED' : 'connected'}`, as: 'strong' },
      full ? '' : ` since ${timeOfDay(session.startedAt)}`,
    ];
    if (!full) return [first];
    const since = `Since ${timeOfDay(session.startedAt)}, until ${timeOfDay(session.expiresAt)} at the latest · ${recordingInWords(session)}`;
    const inset = (text: string, as: Meaning): Line[] => sentence(text, width - 2, as).map((line) => [MARGIN, ...line]);
    return [
      first,
      ...(paused && session.because !== '' ? inset(`Why: ${session.because}`, 'warning') : []),
      ...inset(since, session.recording === 'failed' ? 'danger' : 'muted'),
      ...inset(`They can: ${scopesInWords(session.scopes)}`, 'muted'),
    ];
  });
}

function keyBar(sessions: readonly SessionView[]): Line {
  const key = (name: string, what: string): Line => [{ text: ` ${name} `, as: 'focus' }, ` ${what}  `];
  const live: Line[] = [];
  const all = sessions.length > 1 ? ' all' : '';
  if (sessions.some(({ state }) => state === 'active')) live.push(key('P', `Pause${all}`));
  if (sessions.some(({ state }) => state === 'paused')) live.push(key('R', `Resume${all}`));
  if (sessions.length > 0) live.push(key('E', `End${all} now`));
  return [...live, key('N', 'New code'), key('Q', 'Close')].flat();
}
