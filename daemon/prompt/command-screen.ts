// A suggested command as a full screen: who, what for, all of the command, how risky it is, and the choices. Pure.

import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';
import { bar, type Line, type Meaning, type Piece } from '../terminal/line.ts';
import type { Size } from '../terminal/local-terminal.ts';
import { wrap, wrapExactly } from '../terminal/wrap.ts';
import { type CommandChoice, type CommandState, choicesOf } from './command-state.ts';
import { RISK_WORDS, similarInWords } from './command-words.ts';
import { clock, lengthInWords } from './words.ts';

const MARGIN = '  ';
const HURRY_MS = 15_000; // from here on the countdown asks for attention

const CHOICES: Readonly<Record<Exclude<CommandChoice, 'similar'>, string>> = {
  approve: 'Run it',
  edit: 'Change it',
  decline: 'No',
};

/** Null when not all of the command and its risk can be seen at this size: then it must not be asked. */
export function commandScreen(state: CommandState, leftMs: number, { cols, rows }: Size): Line[] | null {
  const { command } = state;
  const head = [
    bar(command.edited ? 'RUN THE COMMAND AS YOU CHANGED IT?' : 'A COMMAND IS SUGGESTED', command.machine.name, cols),
    ...text(`${command.technician.name} suggests it. What for: ${command.reason}`, cols),
    ...exactly(state.editing === null ? command.command : `${state.editing}▏`, cols),
    ...text(RISK_WORDS[command.risk].words, cols, RISK_WORDS[command.risk].as),
  ];
  const foot = footer(state, leftMs, cols);
  if (head.length + foot.length > rows) {
    return null;
  }
  const similar = similarInWords(command);
  const rest = [
    ...command.touches.flatMap((sentence) => text(sentence, cols)),
    ...command.notices.flatMap((sentence) => text(`! ${sentence}`, cols, 'warning')),
    ...(similar === null ? [] : text(similar.covers, cols, 'muted')),
    ...text(
      `Its output goes to the technician and to you, and is recorded. At most ${lengthInWords(command.limitMs)}.`,
      cols,
      'muted',
    ),
  ];
  const room = rows - head.length - foot.length;
  const shown = rest.length <= room ? rest : [...rest.slice(0, Math.max(0, room - 1)), ...more(room)];
  const filler: Line[] = Array.from({ length: Math.max(0, room - shown.length) }, () => []);
  return [...head, ...shown, ...filler, ...foot];
}

function more(room: number): Line[] {
  return room > 0 ? [[MARGIN, { text: '… make the window larger to read more', as: 'warning' }]] : [];
}

function exactly(command: string, cols: number): Line[] {
  const parts = wrapExactly(sanitiseLine(command, 4000), cols - 2 * MARGIN.length);
  return parts.map((part) => [MARGIN, MARGIN, { text: part, as: 'strong' }]);
}

function text(sentence: string, cols: number, as?: Meaning): Line[] {
  const width = cols - MARGIN.length;
  return wrap(sanitiseLine(sentence, 4000), width).map((part) => [
    MARGIN,
    as === undefined ? part : { text: part, as },
  ]);
}

function footer(state: CommandState, leftMs: number, cols: number): Line[] {
  const keys =
    state.editing === null
      ? 'Tab moves · Enter chooses · Esc says no'
      : 'Enter asks you with your version · Esc leaves it';
  const idle = state.armed ? '' : 'Please read first. The choices work in a moment.';
  return [
    [MARGIN, { text: `${clock(leftMs)} left to answer`, as: leftMs <= HURRY_MS ? 'danger' : 'strong' }],
    ...choiceLines(state, cols),
    [MARGIN, state.remark === '' ? { text: idle, as: 'muted' } : { text: state.remark, as: 'warning' }],
    [MARGIN, { text: keys, as: 'muted' }],
  ];
}

function choiceInWords(choice: CommandChoice, { command }: CommandState): string {
  return choice === 'similar' ? (similarInWords(command)?.choice ?? '') : CHOICES[choice];
}

/** In one row, or one below the other where the window is narrow. */
function choiceLines(state: CommandState, cols: number): Line[] {
  const pieces = choicesOf(state.command).map((choice): Piece[] => {
    const marked = state.choice === choice && state.editing === null;
    const ready = state.armed || choice === 'decline';
    return [
      { text: marked ? ' ▶' : MARGIN },
      { text: `[ ${choiceInWords(choice, state)} ]`, as: marked ? 'focus' : ready ? 'strong' : 'muted' },
    ];
  });
  const width = choicesOf(state.command).reduce((sum, choice) => sum + choiceInWords(choice, state).length + 6, 0);
  return width <= cols ? [pieces.flat()] : pieces;
}
