// The question in windows of zenity. Its OK cannot be kept from being the default, so consent takes two windows: the
// first ticks, the second asks, and there Enter means no.

import type { Scope } from '../../../protocol/scopes.ts';
import type { AskOptions, PromptAnswer, Prompter, PromptQuestion } from '../../consent/prompter.ts';
import type { DialogEnd } from '../dialog/dialog.ts';
import { dialogText, pango } from '../dialog/pango.ts';
import type { DesktopPlace } from '../place.ts';
import { askWithDialog, type DialogKind, type Pressed, type Showing, showOnce } from './ask-with-dialog.ts';
import { QUESTION_TITLE, questionMarkup, TOO_EARLY } from './question-text.ts';
import type { TickForm } from './tick-form.ts';

const TIMED_OUT = 5;
const NO = 1; // the button, Esc and the window's cross
const WIDTH = 860; // pixels: a permission and what it allows stand in one row
const ROW = 26; // pixels of a permission
const HEAD = 460; // pixels of the words above them and the buttons below

export class ZenityPrompter implements Prompter {
  readonly name = 'desktop window (zenity)';
  readonly #program: string;
  readonly #place: DesktopPlace;

  constructor(program: string, place: DesktopPlace) {
    this.#program = program;
    this.#place = place;
  }

  async ask(question: PromptQuestion, options: AskOptions): Promise<PromptAnswer> {
    const kind: DialogKind = {
      command: async (asked, showing, _, timeoutS) => ({
        program: this.#program,
        args: zenityQuestion(asked, showing, timeoutS),
      }),
      read: readTicks,
    };
    const ticked = await askWithDialog(kind, this.#place, question, options);
    if (!ticked.allow) return ticked;
    let remark = '';
    for (;;) {
      const args = zenityConfirmation(question, ticked.scopes, remark);
      const command = { program: this.#program, args };
      const end = await showOnce(command, this.#place, question.armsAfterMs, options.signal, () => undefined);
      const pressed = readConfirmation(end, ticked.scopes);
      if (pressed.kind !== 'yes') return { allow: false };
      if (end.inSightMs >= question.armsAfterMs) return ticked;
      remark = TOO_EARLY;
    }
  }
}

export function zenityQuestion(question: PromptQuestion, { ticked, remark }: Showing, timeoutS: number): string[] {
  const markup = questionMarkup(question, remark);
  const { offered } = question;
  return zenityForm({ title: QUESTION_TITLE, label: 'They ask to', markup, offered, ticked, timeoutS }, 'Go on…');
}

/** A list with a box for each permission; `yes` is on the button that goes on. */
export function zenityForm({ title, label, markup, offered, ticked, timeoutS }: TickForm, yes: string): string[] {
  return [
    '--list',
    '--checklist',
    `--title=${title}`,
    `--timeout=${timeoutS}`,
    `--text=${dialogText(markup)}`,
    `--width=${WIDTH}`,
    `--height=${HEAD + ROW * offered.length}`,
    '--column= ',
    '--column=scope',
    `--column=${label}`,
    '--column=What that allows',
    '--hide-column=2',
    '--print-column=2',
    '--separator=|',
    '--cancel-label=Do not allow',
    `--ok-label=${yes}`,
    ...offered.flatMap((each) => [ticked.has(each.scope) ? 'TRUE' : 'FALSE', each.scope, each.title, each.allows]),
  ];
}

function zenityConfirmation(question: PromptQuestion, scopes: readonly Scope[], remark: string): string[] {
  const offered = question.offered.filter(({ scope }) => scopes.includes(scope));
  const markup = [
    `Allow <b>${pango(question.technician.name)}</b> to do this?`,
    '',
    ...offered.map(({ title, allows }) => `•  <b>${pango(title)}</b>: ${pango(allows)}`),
    ...(remark === '' ? [] : ['', `<b>${pango(remark)}</b>`]),
  ].join('\n');
  return [
    '--question',
    '--default-cancel', // Enter does not allow
    '--title=Chaperone: allow this?',
    `--timeout=${Math.max(1, Math.ceil((Date.parse(question.until) - Date.now()) / 1000))}`,
    `--text=${dialogText(markup)}`,
    '--width=640',
    '--cancel-label=Do not allow',
    '--ok-label=Allow',
  ];
}

/** Which permissions are ticked in the first window. */
export function readTicks(question: Pick<PromptQuestion, 'offered'>, { code, output }: DialogEnd): Pressed {
  if (code === TIMED_OUT) return { kind: 'silence' };
  if (code !== 0) return code === NO ? { kind: 'no' } : { kind: 'lost' };
  const names = output
    .trimEnd()
    .split('|')
    .filter((name) => name !== '');
  const scopes = question.offered.map(({ scope }) => scope).filter((scope) => names.includes(scope));
  return scopes.length === names.length ? { kind: 'yes', scopes } : { kind: 'no' };
}

function readConfirmation({ code }: DialogEnd, scopes: readonly Scope[]): Pressed {
  return code === 0 ? { kind: 'yes', scopes } : { kind: 'no' };
}
