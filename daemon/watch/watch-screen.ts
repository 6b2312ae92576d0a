// The view as a full screen: who is connected, what they see, what happened, and the keys. Pure.

import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';
import { cellWidth } from '../../protocol/terminal/sgr.ts';
import { clock, recordingInWords, scopesInWords, timeOfDay, whoIs } from '../prompt/words.ts';
import { type KeyHint, key, keyRows } from '../terminal/key-rows.ts';
import { bar, type Line, renderLine } from '../terminal/line.ts';
import type { Size } from '../terminal/local-terminal.ts';
import { endOf, wrap, wrapLatest } from '../terminal/wrap.ts';
import { framePicture } from './frame-picture.ts';
import type { WatchedSession } from './model.ts';
import type { OpenedReceipt } from './open-receipt.ts';
import { receiptScreen } from './receipt-screen.ts';

const MARGIN = ' ';
const LOW = 14; // rows below which the keys get one of them
const TALL = 22; // rows from which there is room for more than the essentials

export interface WatchView {
  readonly machine: string;
  /** All that are known, in the order of Tab. */
  readonly sessions: readonly WatchedSession[];
  readonly selected: WatchedSession | null;
  readonly receipt: OpenedReceipt | null;
  /** Lines scrolled down in the receipt. */
  readonly scroll: number;
  /** What is being typed to the technician, or null. */
  readonly chat: string | null;
  /** What the last key did, one sentence; may be empty. */
  readonly remark: string;
  readonly now: number;
}

export interface Screen {
  readonly rows: readonly string[];
  readonly cursor: { readonly x: number; readonly y: number } | null;
}

export function watchScreen(view: WatchView, size: Size, colour: boolean): Screen {
  const { selected } = view;
  if (selected === null) return plain(nobody(view, size), size, colour);
  if (view.receipt !== null) {
    const { machine, receipt, scroll, remark, sessions } = view;
    const title = `THE SESSION WITH ${selected.view.technician.name} HAS ENDED`;
    const keys = [...(sessions.length > 1 ? [key('Tab', 'Next')] : []), key('Q', 'Leave')];
    return plain(receiptScreen({ title, machine, receipt, scroll, remark, keys }, size), size, colour);
  }
  return liveScreen(view, selected, size, colour);
}

function plain(lines: readonly Line[], { cols, rows }: Size, colour: boolean): Screen {
  return { rows: lines.slice(0, rows).map((line) => renderLine(line, cols, colour)), cursor: null };
}

function nobody({ machine, remark }: WatchView, { cols, rows }: Size): Line[] {
  const text = 'Nobody is connected. When a technician is, you see here all that they see and do.';
  const middle = wrap(text, cols - 2).map((part): Line => [MARGIN, part]);
  const filler: Line[] = Array.from({ length: Math.max(0, rows - middle.length - 4) }, () => []);
  return [
    bar('WATCH', machine, cols),
    [],
    ...middle,
    ...filler,
    [MARGIN, remark],
    ...keyRows([key('Q', 'Leave')], '', cols, 1),
  ];
}

function liveScreen(view: WatchView, session: WatchedSession, size: Size, colour: boolean): Screen {
  const { cols, rows } = size;
  const head = header(view, session, size);
  const frame = session.shell === null ? undefined : session.shells.get(session.shell);
  const lastLines = linesOf(session, cols, rows >= TALL ? 4 : 2);
  const keys = keyRows(keysFor(view, session), '', cols, rows < LOW ? 1 : 2);
  const foot = [...lastLines, ...inputLines(view, cols), ...keys].slice(-Math.max(1, rows - head.length - 2));
  const room = Math.max(1, rows - head.length - foot.length - 1);
  const render = (line: Line): string => renderLine(line, cols, colour);
  if (frame === undefined) {
    const none: Line[] = [rule('no commands are being typed', cols), ...Array.from({ length: room }, (): Line => [])];
    return { rows: [...head, ...none, ...foot].map(render), cursor: chatCursor(view, size) };
  }
  const picture = framePicture(frame, { cols, rows: room }, colour);
  // Their place in the list: the numbers of suggested commands begin at a thousand and mean nothing to a person.
  const place = [...session.shells.keys()].indexOf(session.shell ?? 0) + 1;
  const several = session.shells.size > 1 ? `window ${place} of ${session.shells.size} · ` : '';
  const sees = picture.note === '' ? 'what the technician sees' : `what they see · ${picture.note}`;
  const title = rule(several + sees, cols);
  const top = head.length + 1;
  const cursor = picture.cursor === null ? null : { x: picture.cursor.x, y: top + picture.cursor.y };
  return {
    rows: [...[...head, title].map(render), ...picture.rows, ...foot.map(render)].slice(0, rows),
    cursor: view.chat === null ? cursor : chatCursor(view, size),
  };
}

/** Who, until when, what they may do, and whether they are connected or held: always in sight. */
function header({ machine, sessions, now }: WatchView, { view }: WatchedSession, { cols, rows }: Size): Line[] {
  const number =
    sessions.length > 1 ? `${sessions.findIndex((each) => each.view.id === view.id) + 1}/${sessions.length} ` : '';
  const left = clock(Date.parse(view.expiresAt) - now);
  const state: Line =
    view.state === 'paused'
      ? [MARGIN, { text: `‖ PAUSED: ${view.because || 'nothing is seen or typed'}`, as: 'warning' }]
      : view.state === 'ended'
        ? [MARGIN, { text: `■ ENDED: ${view.because}`, as: 'strong' }]
        : [MARGIN, { text: '● CONNECTED', as: 'danger' }, ` since ${timeOfDay(view.startedAt)}, ${left} left`];
  const recording = recordingInWords(view);
  const [first = '', ...further] = wrap(`${recording} · can ${scopesInWords(view.scopes)}`, cols - 1);
  const can: Line[] = [
    [
      MARGIN,
      { text: first.slice(0, recording.length), as: view.recording === 'failed' ? 'danger' : 'strong' },
      { text: first.slice(recording.length), as: 'muted' },
    ],
    ...further.map((text): Line => [MARGIN, { text, as: 'muted' }]),
  ];
  const title = bar(`WATCHING ${number}${whoIs(view.technician)}`, machine, cols);
  const why: Line = [MARGIN, { text: `${view.reason} (ticket ${view.ticket})`, as: 'muted' }];
  return rows >= TALL ? [title, state, ...can, why] : [title, state, ...can];
}

function linesOf({ lines }: WatchedSession, cols: number, room: number): Line[] {
  const texts = lines.slice(-room).map((line) => sanitiseLine(line, 500));
  const latest = wrapLatest(texts, cols - 2, room);
  const shown = Array.from({ length: room }, (_, index): Line => [MARGIN, latest[index]?.text ?? '']);
  return [rule(lines.length === 0 ? 'nothing has happened yet' : 'what happened', cols), ...shown];
}

function rule(title: string, cols: number): Line {
  return [{ text: `── ${title} ${'─'.repeat(cols)}`.slice(0, cols), as: 'muted' }];
}

const SAY = ' Write to the technician: ';

/** What is being written, or what the last key did: all of it, since it may be a list to choose from. */
function inputLines({ chat, remark }: WatchView, cols: number): Line[] {
  if (chat !== null) return [[{ text: SAY, as: 'strong' }, endOf(chat, cols - SAY.length - 1)]];
  return wrap(sanitiseLine(remark, 500), cols - 1).map((text) => [MARGIN, { text, as: 'warning' }]);
}

function chatCursor({ chat }: WatchView, { cols, rows }: Size): { x: number; y: number } | null {
  const shown = chat === null ? '' : endOf(chat, cols - SAY.length - 1);
  return chat === null ? null : { x: Math.min(cols - 1, SAY.length + cellWidth(shown)), y: Math.max(0, rows - 2) };
}

function keysFor({ chat, sessions }: WatchView, { view, shells }: WatchedSession): KeyHint[] {
  if (chat !== null) return [key('Enter', 'Send'), key('Esc', 'Do not send')];
  const keys: KeyHint[] = [];
  if (view.state === 'paused') keys.push(key('R', 'Resume'));
  else if (view.state !== 'ended') keys.push(key('P', 'Pause'));
  if (view.state !== 'ended') keys.push(key('E', 'End now'));
  keys.push(key('Q', 'Leave')); // before what a narrow window may cut off
  if (view.state !== 'ended') keys.push(key('C', 'Write'), key('W', 'Take back'));
  if (view.state !== 'ended' && (view.addable ?? []).length > 0) keys.push(key('A', 'Allow more'));
  if (sessions.length > 1) keys.push(key('Tab', 'Next'));
  if (shells.size > 1) keys.push(key('S', 'Window'));
  return keys;
}
