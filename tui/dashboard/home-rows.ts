// How machines and sessions look in their lists.

import { formatConnectionId } from '../../protocol/connection-id.ts';
import { fitCells } from '../../protocol/terminal/sgr.ts';
import { timeInWords } from '../records/amounts.ts';
import type { Size } from '../terminal/frame.ts';
import { paint } from '../theme.ts';
import type { ListState } from './list-window.ts';
import { ago, counted } from './phrases.ts';
import type { MachineEntry, SessionEntry } from './ports.ts';

const MINUTE_PRECISION = 16; // characters of `2026-11-22 14:05:09`
const ENDING_CELLS = 10; // the longest short ending
const ROOM_FOR_TICKET = 40; // cells beside time and ending; with less, a ticket would be cut to nothing
const ROOM_FOR_REASON = 20;

/** How sessions end, in the machine's words (the record has all of them), and shorter. */
const ENDINGS: readonly (readonly [words: RegExp, short: string])[] = [
  [/^the person at the machine |^the window that showed the session/, 'by person'],
  [/^the technician (ended|has finished|left)/, 'by you'],
  [/^the agreed time is over/, 'time over'],
  [/^the connection |^the machine closed the connection/, 'cut off'],
  [/certificate|policy|no permission is left/, 'no right'],
];

/** Exactly `room.rows` rows, or one that says why there is none. */
export function machineRows(
  machines: readonly MachineEntry[] | null,
  mark: ListState,
  room: Size,
  active: boolean,
  now: number,
): string[] {
  const none = 'None yet. Press n, and ask the person for number and code.';
  return listRows(machines, mark, room, active, none, (machine, cols) => {
    const id = machine.connectionId === null ? machine.address : formatConnectionId(machine.connectionId);
    const last = machine.lastSession === null ? 'never connected' : ago(now - machine.lastSession);
    return cells(cols, [
      [machine.name, 3],
      [id, 2],
      [last, 2],
      [counted(machine.sessions, 'session'), 1],
    ]);
  });
}

export function sessionRows(
  sessions: readonly SessionEntry[] | null,
  mark: ListState,
  room: Size,
  active: boolean,
): string[] {
  return listRows(sessions, mark, room, active, 'None yet.', (session, cols) => {
    const when = timeInWords(session.startedAt).slice(0, MINUTE_PRECISION);
    const state = session.endedAt === null ? 'live' : endingInShort(session.ending);
    const rest = Math.max(0, cols - MINUTE_PRECISION - ENDING_CELLS - 4);
    const ticket = rest < ROOM_FOR_TICKET ? [] : ([[session.ticket, 1]] as const);
    const reason = rest < ROOM_FOR_REASON ? [] : ([[session.reason, 3]] as const);
    return `${when}  ${cells(rest, [[session.machine, 2], ...ticket, ...reason])}  ${fitCells(state, ENDING_CELLS)}`;
  });
}

function endingInShort(ending: string): string {
  return ENDINGS.find(([words]) => words.test(ending))?.[1] ?? ending.replace(/^the /, '');
}

/** A row of a list with its mark: inverse in the active list, an arrow in every one, for terminals without styles. */
function listRows<T>(
  items: readonly T[] | null,
  mark: ListState,
  { cols, rows }: Size,
  active: boolean,
  none: string,
  row: (item: T, cols: number) => string,
): string[] {
  const shown = (items ?? []).slice(mark.top, mark.top + rows).map((item, index) => {
    const marked = mark.top + index === mark.index;
    const text = fitCells(`${marked && active ? ' > ' : '   '}${row(item, Math.max(1, cols - 4))}`, cols);
    return marked && active ? paint('selected', text) : text;
  });
  if (shown.length === 0) shown.push(paint('muted', fitCells(`   ${items === null ? 'Reading…' : none}`, cols)));
  return [...shown, ...Array.from({ length: Math.max(0, rows - shown.length) }, () => '')];
}

/** Texts side by side, `cols` shared out by weight; what is not needed goes to the first. */
export function cells(cols: number, parts: readonly (readonly [text: string, weight: number])[]): string {
  const room = Math.max(0, cols - 2 * (parts.length - 1));
  const total = parts.reduce((sum, [, weight]) => sum + weight, 0);
  const widths = parts.map(([, weight]) => Math.floor((room * weight) / total));
  widths[0] = (widths[0] ?? 0) + room - widths.reduce((sum, width) => sum + width, 0);
  return parts.map(([text], index) => fitCells(text, widths[index] ?? 0)).join('  ');
}
