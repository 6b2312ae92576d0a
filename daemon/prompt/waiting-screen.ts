// The screen between questions: what to read to the helper on the phone, and who is connected now. Pure.

import { formatConnectionId } from '../../protocol/connection-id.ts';
import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';
import { cellWidth } from '../../protocol/terminal/sgr.ts';
import type { CodeView, SessionView } from '../local/controls.ts';
import { type KeyHint, key, keyRows } from '../terminal/key-rows.ts';
import { bar, type Line, type Meaning } from '../terminal/line.ts';
import type { Size } from '../terminal/local-terminal.ts';
import { endOf, wrap, wrapLatest } from '../terminal/wrap.ts';
import { bigLetters } from './big-letters.ts';
import type { ChatLine, SeenLine } from './talk.ts';
import {
  addressInWords,
  clock,
  inFours,
  READ_FINGERPRINT,
  recordingInWords,
  scopesInWords,
  timeOfDay,
  whoIs,
} from './words.ts';

const MARGIN = '  ';
const TALL = 14; // rows from which the keys may take two of them
const LINES_SHOWN = 4; // of what happened; `chaperoned watch` shows all of it
const SOON_MS = 60_000; // a code that ends within a minute may end while it is read out

export interface WaitingView {
  readonly machine: { readonly name: string };
  readonly code: CodeView;
  readonly codeLeftMs: number;
  /** Where technicians reach this computer; empty when only it can reach itself. */
  readonly addresses: readonly string[];
  /** Of the host key, while the person wants to read it out; shown only while nobody is connected. */
  readonly fingerprint: string | null;
  /** Whether a session has ended whose receipt can be read. */
  readonly hasReceipt: boolean;
  /** Live ones only. */
  readonly sessions: readonly SessionView[];
  /** What happened in them, oldest first. */
  readonly lines: readonly SeenLine[];
  /** What is being written to a technician. */
  readonly chat: Pick<ChatLine, 'who' | 'text'> | null;
  /** What happened last, one sentence; may be empty. */
  readonly news: string;
  /** Why questions would not appear here; empty when they do. */
  readonly trouble: string;
}

export function waitingScreen(view: WaitingView, { cols, rows }: Size): Line[] {
  const width = cols - 2 * MARGIN.length;
  const bottom: Line[] = [
    ...sentence(view.trouble, width, 'danger'),
    ...(view.fingerprint === null || view.sessions.length > 0
      ? []
      : fingerprintLines(view.fingerprint, width, rows >= TALL)),
    ...(view.chat !== null ? writing(view.chat, width) : sentence(view.news, width, 'strong')),
    ...keyRows(keysFor(view), MARGIN, cols - MARGIN.length, rows < TALL ? 1 : 2),
  ];
  const room = rows - 1 - bottom.length;
  const people = (full: boolean): Line[] => sessionLines(view.sessions, width, full);
  const happened = (count: number): Line[] => happenedLines(view.lines, width, count);
  const code = (size: CodeSize, airy: boolean): Line[] => codeLines(view, width, size, airy);
  // From airy to dense, the first that fits. Who is connected comes first, and is never cut for the sake of the code.
  const layouts: Line[][] =
    view.sessions.length > 0
      ? [
          [[], ...people(true), [], ...happened(LINES_SHOWN), [], ...code('aside', false)],
          [...people(true), ...happened(LINES_SHOWN), ...code('aside', false)],
          [...people(true), ...happened(2), ...code('aside', false)],
          [...people(false), ...happened(2), ...code('aside', false)],
          [...people(false), ...happened(2)],
          [...people(true), ...code('aside', false)],
          [...people(false), ...code('aside', false)],
        ]
      : [
          [[], ...code('large', true), [], ...people(true)],
          [...code('large', false), ...people(true)],
          [...code('number', false), [], ...people(true)],
          [...code('text', true), [], ...people(true)],
          [...code('text', false), ...people(true)],
          [...people(true), ...code('text', false)],
        ];
  const middle = (layouts.find((lines) => lines.length <= room) ?? layouts.at(-1) ?? []).slice(0, Math.max(0, room));
  const filler: Line[] = Array.from({ length: Math.max(0, room - middle.length) }, () => []);
  const title = view.sessions.length > 0 ? 'SOMEONE IS CONNECTED' : 'CHAPERONE';
  return [bar(title, view.machine.name, cols), ...middle, ...filler, ...bottom].slice(0, rows);
}

function sentence(text: string, width: number, as: Meaning): Line[] {
  return text === '' ? [] : wrap(sanitiseLine(text, 500), width).map((part) => [MARGIN, { text: part, as }]);
}

/**
 * `large`: number and code in letters of three rows; `number`: only the number; `aside`: for one more helper, while one
 * is connected.
 */
type CodeSize = 'large' | 'number' | 'text' | 'aside';

/** `airy`: with blank lines between. */
function codeLines({ code, codeLeftMs, addresses }: WaitingView, width: number, size: CodeSize, airy: boolean): Line[] {
  const gap: Line[] = airy ? [[]] : [];
  const hurry = codeLeftMs <= SOON_MS;
  const left =
    codeLeftMs <= 0
      ? 'A new code is on its way.'
      : `A new code comes in ${clock(codeLeftMs)}${hurry ? ': read it out quickly, or press N' : ''}.`;
  if (size === 'aside') {
    return [
      ...sentence('For another helper on the phone:', width, 'muted'),
      ...shown("This computer's number", formatConnectionId(code.connectionId), width, false),
      ...shown('One-time code', code.code, width, false),
      ...sentence(left, width, hurry ? 'warning' : 'muted'),
    ];
  }
  return [
    ...sentence('Does somebody help you on the phone? Read these two to them:', width, 'strong'),
    ...gap,
    ...shown(
      "This computer's number",
      formatConnectionId(code.connectionId),
      width,
      size === 'large' || size === 'number',
    ),
    ...gap,
    ...shown('One-time code', code.code, width, size === 'large'),
    ...(addresses.length === 0 ? [] : sentence(addressInWords(addresses), width, 'muted')),
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

/** The latest lines; what the technician wrote stands out. Nothing when nothing happened. */
function happenedLines(lines: readonly SeenLine[], width: number, count: number): Line[] {
  const latest = lines.slice(-count);
  const texts = latest.map(({ line }) => sanitiseLine(line, 500));
  return wrapLatest(texts, width, count).map(({ text, of }) => [
    MARGIN,
    { text, as: latest[of]?.kind === 'written' ? 'strong' : 'muted' },
  ]);
}

function writing({ who, text }: Pick<ChatLine, 'who' | 'text'>, width: number): Line[] {
  const label = sanitiseLine(`Write to ${who}: `, Math.max(12, Math.floor(width / 2)));
  return [[MARGIN, { text: label, as: 'strong' }, `${endOf(text, width - cellWidth(label) - 1)}▏`]];
}

/** As the technician sees it, and in fours, which are easier to say. */
function fingerprintLines(fingerprint: string, width: number, full: boolean): Line[] {
  if (!full) return sentence(`Fingerprint: ${fingerprint}`, width, 'strong');
  return [
    ...sentence(READ_FINGERPRINT, width, 'muted'),
    ...sentence(fingerprint, width, 'strong'),
    ...sentence(inFours(fingerprint), width, 'strong'),
  ];
}

function keysFor({ sessions, chat, hasReceipt }: WaitingView): KeyHint[] {
  if (chat !== null) return [key('Enter', 'Send'), key('Esc', 'Do not send')];
  const live: KeyHint[] = [];
  const all = sessions.length > 1 ? ' all' : '';
  if (sessions.some(({ state }) => state === 'active')) live.push(key('P', `Pause${all}`));
  if (sessions.some(({ state }) => state === 'paused')) live.push(key('R', `Resume${all}`));
  if (sessions.length > 0) live.push(key('E', `End${all} now`), key('C', 'Write'), key('W', 'Take back'));
  if (sessions.some(({ addable = [] }) => addable.length > 0)) live.push(key('A', 'Allow more'));
  const receipt = hasReceipt ? [key('L', 'Last receipt')] : [];
  const idle = live.length === 0 ? [key('F', 'Fingerprint'), ...receipt] : [];
  return [...live, key('N', 'New code'), ...idle, key('Q', 'Close')];
}
