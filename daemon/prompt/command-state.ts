// A suggested command on screen as data, and what each key does to it. Pure: no screen, no clock.
//
// The marker begins at "No": stray typing declines, it never approves.

import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';
import type { CommandAnswer, CommandQuestion } from '../consent/command-question.ts';
import { COMMAND_MAX } from '../guided/parse-command.ts';
import type { Key } from '../terminal/keys.ts';

export type CommandChoice = 'approve' | 'similar' | 'edit' | 'decline';

export interface CommandState {
  readonly command: CommandQuestion;
  readonly choice: CommandChoice;
  /** The person's own version while they write it; null when they do not. */
  readonly editing: string | null;
  readonly armed: boolean;
  /** What the last key did or why it did nothing; one sentence, may be empty. */
  readonly remark: string;
}

export type CommandEffect =
  | { readonly kind: 'state'; readonly state: CommandState }
  | { readonly kind: 'answer'; readonly answer: CommandAnswer };

const TOO_EARLY = 'One moment: please read first. Keys work in a second.';
const HOW = 'Tab moves. Enter chooses. Esc says no.';

export function newCommand(command: CommandQuestion): CommandState {
  return { command, choice: 'decline', editing: null, armed: false, remark: '' };
}

/** In the order of Tab. */
export function choicesOf({ similar }: CommandQuestion): readonly CommandChoice[] {
  return similar === null ? ['approve', 'edit', 'decline'] : ['approve', 'similar', 'edit', 'decline'];
}

export function pressCommand(state: CommandState, key: Key): CommandEffect {
  if (state.editing !== null) return edit(state, state.editing, key);
  if (key.name === 'escape' || key.name === 'ctrl-c' || key.name === 'ctrl-d') return decline();
  if (!state.armed) return next(state, { remark: TOO_EARLY });
  switch (key.name) {
    case 'tab':
    case 'right':
    case 'down':
      return next(state, { choice: moved(state, 1), remark: '' });
    case 'back-tab':
    case 'left':
    case 'up':
      return next(state, { choice: moved(state, -1), remark: '' });
    case 'enter':
      return choose(state);
    case 'text':
      return /^q$/i.test(key.text) ? decline() : next(state, { remark: HOW });
    default:
      return next(state, { remark: HOW });
  }
}

function edit(state: CommandState, text: string, key: Key): CommandEffect {
  switch (key.name) {
    case 'escape':
    case 'ctrl-c':
    case 'ctrl-d':
      return next(state, { editing: null, choice: 'decline', remark: 'Not changed.' });
    case 'enter': {
      const command = text.trim();
      if (command === '') return next(state, { remark: 'There is no command.' });
      return { kind: 'answer', answer: { answer: 'edit', command } };
    }
    case 'backspace':
      return next(state, { editing: [...text].slice(0, -1).join(''), remark: '' });
    case 'text':
    case 'paste':
      return next(state, { editing: sanitiseLine(text + key.text, COMMAND_MAX).slice(0, COMMAND_MAX), remark: '' });
    default:
      return next(state, { remark: 'Backspace deletes. Enter asks you again with your version. Esc leaves it.' });
  }
}

function choose(state: CommandState): CommandEffect {
  const { digest, command } = state.command;
  switch (state.choice) {
    case 'approve':
      return { kind: 'answer', answer: { answer: 'approve', digest, similar: false } };
    case 'similar':
      return { kind: 'answer', answer: { answer: 'approve', digest, similar: true } };
    case 'edit':
      return next(state, { editing: command.slice(0, COMMAND_MAX), remark: '' });
    case 'decline':
      return decline();
  }
}

function moved({ command, choice }: CommandState, by: 1 | -1): CommandChoice {
  const choices = choicesOf(command);
  return choices[(choices.indexOf(choice) + by + choices.length) % choices.length] ?? 'decline';
}

function next(state: CommandState, change: Partial<CommandState>): CommandEffect {
  return { kind: 'state', state: { ...state, ...change } };
}

function decline(): CommandEffect {
  return { kind: 'answer', answer: { answer: 'decline' } };
}
