// The question in a window of yad: one form with a box to tick for each permission.

import type { Scope } from '../../../protocol/scopes.ts';
import type { CommandAnswer, CommandQuestion } from '../../consent/command-question.ts';
import type { AskOptions, PromptAnswer, Prompter, PromptQuestion } from '../../consent/prompter.ts';
import type { DialogEnd } from '../dialog/dialog.ts';
import { dialogText, pango } from '../dialog/pango.ts';
import type { DesktopPlace } from '../place.ts';
import { askWithDialog, type DialogKind, type Pressed, type Showing } from './ask-with-dialog.ts';
import { QUESTION_TITLE, questionMarkup } from './question-text.ts';
import { reviewWithYad } from './review-with-yad.ts';
import type { TickForm } from './tick-form.ts';

/** Of the button Allow. Not 0: a stray signal (SIGUSR1) and Enter end yad with that. Even, or it prints no ticks. */
export const YAD_ALLOW = 20;
const YAD_DENY = 1;
const TIMED_OUT = 70;
const CLOSED = [YAD_DENY, 252, 0]; // 252: Esc and the window's own cross
const TALL = 6; // permissions; more are scrolled, or the window would not fit a small screen
const TICKS = /^(?:\|?(?:TRUE|FALSE|))*\|?$/;

export class YadPrompter implements Prompter {
  readonly name = 'desktop window (yad)';
  readonly #program: string;
  readonly #place: DesktopPlace;

  constructor(program: string, place: DesktopPlace) {
    this.#program = program;
    this.#place = place;
  }

  ask(question: PromptQuestion, options: AskOptions): Promise<PromptAnswer> {
    const kind: DialogKind = {
      command: async (asked, showing, place, timeoutS) => ({
        program: this.#program,
        args: [
          ...yadQuestion(asked, showing, timeoutS),
          ...(asked.offered.length > TALL ? await scrolled(place) : ['--fixed']),
        ],
      }),
      read: readYad,
    };
    return askWithDialog(kind, this.#place, question, options);
  }

  review(question: CommandQuestion, options: AskOptions): Promise<CommandAnswer> {
    return reviewWithYad(this.#program, this.#place, question, options);
  }
}

/** Arguments of yad but for its size. */
export function yadQuestion(question: PromptQuestion, { ticked, remark }: Showing, timeoutS: number): string[] {
  const markup = questionMarkup(question, remark);
  const { offered } = question;
  return yadForm({ title: QUESTION_TITLE, label: 'They ask to:', markup, offered, ticked, timeoutS });
}

/** A form with a box for each permission, and no answer that a stray key could give. */
export function yadForm({ title, label, markup, offered, ticked, timeoutS }: TickForm): string[] {
  return [
    '--form',
    `--title=${title}`,
    '--window-icon=dialog-question',
    '--on-top',
    '--sticky',
    '--center',
    '--no-focus', // what is being typed elsewhere must not land here
    `--response=${YAD_DENY}`, // Enter does not allow
    '--borders=16',
    `--timeout=${timeoutS}`,
    '--timeout-indicator=bottom',
    `--text=${dialogText(markup)}`,
    '--separator=|',
    `--field=<b>${label}</b>:LBL`,
    ...offered.flatMap(({ title, allows }) => [
      `--field=${fieldLabel(title)}:CHK`,
      `--field=<small>        ${pango(allows, 200)}</small>:LBL`,
    ]),
    `--button=Do not allow:${YAD_DENY}`,
    `--button=Allow:${YAD_ALLOW}`,
    // One value for each field, in their order; those of plain text take none.
    '',
    ...offered.flatMap(({ scope }) => [ticked.has(scope) ? 'TRUE' : 'FALSE', '']),
  ];
}

/** What was pressed. Ticks that are not exactly those of the question are no answer. */
export function readYad(question: Pick<PromptQuestion, 'offered'>, { code, output }: DialogEnd): Pressed {
  if (code === TIMED_OUT) return { kind: 'silence' };
  if (code !== YAD_ALLOW) return code !== null && CLOSED.includes(code) ? { kind: 'no' } : { kind: 'lost' };
  const line = output.trimEnd();
  const ticks = line.split('|').filter((value) => value !== '');
  if (!TICKS.test(line) || ticks.length !== question.offered.length) return { kind: 'no' };
  const scopes: Scope[] = question.offered.filter((_, index) => ticks[index] === 'TRUE').map(({ scope }) => scope);
  return { kind: 'yes', scopes };
}

/** Boxes have no markup, but `!` begins a tooltip and an underscore a key. */
function fieldLabel(text: string): string {
  return text.replaceAll('!', '').replaceAll('_', ' ');
}

async function scrolled(place: DesktopPlace): Promise<string[]> {
  const { width, height } = await place.screen.workArea();
  return ['--scroll', `--width=${Math.min(820, width - 40)}`, `--height=${Math.min(900, height - 60)}`];
}
