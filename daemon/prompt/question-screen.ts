// The question as a full screen: who asks, for what, and the two choices. Pure: state and size in, lines out.

import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';
import { cellWidth } from '../../protocol/terminal/sgr.ts';
import type { PromptQuestion } from '../consent/prompter.ts';
import { bar, type Line, type Meaning, type Piece, spread } from '../terminal/line.ts';
import type { Size } from '../terminal/local-terminal.ts';
import { wrap } from '../terminal/wrap.ts';
import type { QuestionState } from './question-state.ts';
import { clock, lengthInWords, phoneInWords, postOf, recordedInWords, standing } from './words.ts';

const MARGIN = '  ';
const FOOTER_ROWS = 4; // countdown, choices, remark, keys
const HURRY_MS = 15_000; // from here on the countdown asks for attention

const KEYS = 'Space ticks · Tab or ↑ ↓ moves · Enter chooses · Esc says no';
const READ_FIRST = 'Please read first. The choices work in a moment.';
const OTHERS = 'Somebody else is connected now: E ends that, P pauses it.';
const MEANWHILE = 'The session goes on meanwhile: E ends it, P pauses it.';

export interface QuestionView {
  readonly state: QuestionState;
  readonly leftMs: number;
  readonly totalMs: number;
  /** Whether a session is open while this is asked, maybe the asking one: the keys to pause and end work here too. */
  readonly isConnected: boolean;
}

/** At most `rows` lines. Who asks and the choices are always among them; what lies between scrolls. */
export function questionScreen(view: QuestionView, { cols, rows }: Size): Line[] {
  const { question } = view.state;
  const head: Line[] = [bar(titleOf(question), question.machine.name, cols)];
  const airy = body(view.state, cols, 'airy');
  const isAiry = head.length + airy.lines.length + 3 + FOOTER_ROWS <= rows;
  if (isAiry) head.push([]);
  const { technician } = question;
  head.push([MARGIN, { text: `${technician.name} · ${postOf(technician)}`, as: 'strong' }]);
  const room = Math.max(1, rows - head.length - FOOTER_ROWS);
  const full = body(view.state, cols, 'full');
  const dense = full.lines.length <= room ? full : body(view.state, cols, 'short');
  const content = isAiry ? [...airy.lines, []] : scrolled(dense, room, view.state, cols);
  return [...head, ...content, ...footer(view, cols)].slice(0, rows);
}

interface Body {
  readonly lines: readonly Line[];
  /** First and last line of each permission. */
  readonly places: readonly (readonly [first: number, last: number])[];
}

/** With little room, blank lines go; with less, only the marked permission is explained. */
function body(state: QuestionState, cols: number, style: 'airy' | 'full' | 'short'): Body {
  const { question } = state;
  const { technician } = question;
  const lines: Line[] = [];
  const width = cols - MARGIN.length;
  const add = (label: string, text: string, as?: Meaning): void => {
    const lead = label === '' ? '' : `${label}: `;
    for (const [index, part] of wrap(lead + sanitiseLine(text, 400), width).entries()) {
      const labelled = index === 0 && lead !== '' && part.startsWith(lead);
      const rest = labelled ? part.slice(lead.length) : part;
      lines.push([MARGIN, ...(labelled ? [muted(lead)] : []), as === undefined ? rest : { text: rest, as }]);
    }
  };
  const gap = (): void => {
    if (style === 'airy') lines.push([]);
  };
  const trust = standing(technician);
  add('', `${trust.trusted ? '✓' : '!'} ${trust.words}`, trust.trusted ? 'good' : 'warning');
  add('Phone', phoneInWords(technician));
  gap();
  add('Reason', question.reason, 'strong');
  add('Ticket', question.ticket);
  gap();
  const places: [number, number][] = [];
  for (const [index, offer] of question.offered.entries()) {
    const first = lines.length;
    const marked = state.focus === index;
    const box = `[${state.ticked.has(offer.scope) ? 'x' : ' '}] ${offer.title}`;
    lines.push([marked ? ' ▶' : MARGIN, marked ? { text: box, as: 'focus' } : { text: box, as: 'strong' }]);
    if (style !== 'short' || marked) {
      for (const part of wrap(sanitiseLine(offer.allows, 400), width - 4)) lines.push([`${MARGIN}    `, muted(part)]);
    }
    places.push([first, lines.length - 1]);
  }
  gap();
  add(
    '',
    `At most ${lengthInWords(question.limitMs)}. ${recordedInWords(question.recorded)} You can end it at any time.`,
  );
  for (const notice of question.notices) add('', `! ${notice}`, 'warning');
  return { lines, places };
}

function titleOf({ during }: PromptQuestion): string {
  return during === undefined ? 'SOMEONE ASKS TO HELP ON THIS COMPUTER' : 'THE TECHNICIAN ASKS FOR MORE';
}

function muted(text: string): Piece {
  return { text, as: 'muted' };
}

/** The part of the body that holds what is marked, filled up to `room`; marks at the right say when there is more. */
function scrolled({ lines, places }: Body, room: number, { focus }: QuestionState, cols: number): Line[] {
  const most = Math.max(0, lines.length - room);
  const place = typeof focus === 'number' ? places[focus] : undefined;
  const top = typeof focus === 'string' ? most : Math.min(most, Math.max(0, (place?.[1] ?? 0) + 1 - room));
  const shown = lines.slice(top, top + room);
  return shown.map((line, index) => {
    if (index === room - 1 && top < most) return spread(line, [{ text: '↓ more', as: 'warning' }], cols);
    return index === 0 && top > 0 ? spread(line, [{ text: '↑ more', as: 'warning' }], cols) : line;
  });
}

function footer({ state, leftMs, totalMs, isConnected }: QuestionView, cols: number): Line[] {
  const hurry = leftMs <= HURRY_MS;
  const words = `${MARGIN}${clock(leftMs)} left to answer `;
  const room = Math.max(0, Math.min(40, cols - cellWidth(words) - 2));
  const filled = Math.round((room * Math.min(leftMs, totalMs)) / Math.max(1, totalMs));
  const countdown: Piece[] = [
    { text: words, as: hurry ? 'danger' : 'strong' },
    { text: '█'.repeat(filled) + '░'.repeat(room - filled), as: hurry ? 'danger' : 'muted' },
  ];
  const keys = cols < 66 ? 'Space ticks · Tab moves · Enter chooses · Esc: no' : KEYS;
  const connected = state.question.during === undefined ? OTHERS : MEANWHILE;
  const idle = !state.armed ? READ_FIRST : isConnected ? connected : '';
  return [
    countdown,
    [
      ...choice('Allow', state.focus === 'allow', state.armed),
      MARGIN,
      ...choice('Do not allow', state.focus === 'deny', true),
    ],
    [MARGIN, state.remark === '' ? muted(idle) : { text: state.remark, as: 'warning' }],
    [MARGIN, muted(keys)],
  ];
}

function choice(label: string, marked: boolean, ready: boolean): Piece[] {
  const text = `[ ${label} ]`;
  if (marked) return [{ text: ' ▶' }, { text, as: 'focus' }];
  return [{ text: MARGIN }, { text, as: ready ? 'strong' : 'muted' }];
}
