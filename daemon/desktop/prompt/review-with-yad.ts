// A proposed command in a window of yad: run it, run it and similar ones, change it, or decline.

import type { CommandAnswer, CommandQuestion } from '../../consent/command-question.ts';
import type { AskOptions } from '../../consent/prompter.ts';
import { COMMAND_MAX } from '../../guided/parse-command.ts';
import { PromptLost } from '../../local/errors.ts';
import { similarInWords } from '../../prompt/command-words.ts';
import type { DialogEnd } from '../dialog/dialog.ts';
import { dialogText } from '../dialog/pango.ts';
import type { DesktopPlace } from '../place.ts';
import { showText } from '../windows/text-window.ts';
import { showOnce } from './ask-with-dialog.ts';
import { commandMarkup } from './command-text.ts';
import { TOO_EARLY } from './question-text.ts';

const DECLINE = 1;
const RUN = 20; // not 0, as for the question of a session
const CHANGE = 22;
const SIMILAR = 24;
const CLOSED = [DECLINE, 252, 0];
const TIMED_OUT = 70;
const LATE_S = 10; // the daemon's clock decides

type Pressed = 'run' | 'similar' | 'change' | 'decline';

export async function reviewWithYad(
  program: string,
  place: DesktopPlace,
  question: CommandQuestion,
  { signal, onDisplayed }: AskOptions,
): Promise<CommandAnswer> {
  let remark = '';
  for (;;) {
    signal.throwIfAborted();
    const command = { program, args: yadReview(question, remark) };
    const end = await showOnce(command, place, question.armsAfterMs, signal, onDisplayed);
    const pressed = readReview(end);
    if (pressed === 'decline') return { answer: 'decline' };
    if (pressed === 'change') {
      const changed = await change(question, place, signal);
      if (changed !== null) return { answer: 'edit', command: changed };
      remark = '';
    } else if (end.inSightMs < question.armsAfterMs) remark = TOO_EARLY;
    else return { answer: 'approve', digest: question.digest, similar: pressed === 'similar' };
  }
}

export function yadReview(question: CommandQuestion, remark: string): string[] {
  const timeoutS = Math.ceil((Date.parse(question.until) - Date.now()) / 1000) + LATE_S;
  const similar = similarInWords(question);
  return [
    '--form',
    '--title=Chaperone: run this command?',
    '--window-icon=dialog-question',
    '--on-top',
    '--sticky',
    '--center',
    '--no-focus',
    '--fixed',
    `--response=${DECLINE}`,
    '--borders=16',
    `--timeout=${Math.max(1, timeoutS)}`,
    '--timeout-indicator=bottom',
    `--text=${dialogText(commandMarkup(question, remark))}`,
    `--button=Decline:${DECLINE}`,
    `--button=Change…:${CHANGE}`,
    ...(similar === null ? [] : [`--button=${similar.choice}:${SIMILAR}`]),
    `--button=Run:${RUN}`,
  ];
}

/** @throws PromptLost when nobody has answered */
export function readReview({ code }: DialogEnd): Pressed {
  if (code === RUN) return 'run';
  if (code === SIMILAR) return 'similar';
  if (code === CHANGE) return 'change';
  if (code !== null && CLOSED.includes(code)) return 'decline';
  throw new PromptLost(code === TIMED_OUT ? 'nobody answered' : 'the window with the command was closed by force');
}

/** The person's version on one line, or null when they leave it as it is. */
async function change(question: CommandQuestion, place: DesktopPlace, signal: AbortSignal): Promise<string | null> {
  const written = await showText(
    {
      title: 'Chaperone: change the command',
      heading: 'Change it here. You are asked once more before it runs.',
      text: question.command,
      editable: true,
      yes: 'Go on',
      no: 'Back',
    },
    place,
    signal,
  );
  const command = written?.trim().replaceAll('\n', ' ') ?? '';
  return command === '' || command === question.command ? null : command.slice(0, COMMAND_MAX);
}
