// The question as a window shows it, in markup. Every word of someone else is escaped; lines are broken here, because
// the programs that draw the window let a long line make it as wide as the screen.

import { sanitiseLine } from '../../../protocol/terminal/sanitise.ts';
import type { PromptQuestion } from '../../consent/prompter.ts';
import { lengthInWords, postOf, recordedInWords, scopesInWords, standing, timeOfDay } from '../../prompt/words.ts';
import { wrap } from '../../terminal/wrap.ts';
import { pango } from '../dialog/pango.ts';

const WIDTH = 78; // characters of a line
const NAME_WIDTH = 44; // of a line in large letters

/** Paragraphs in the order in which one would read them; `remark` is what the last press did. */
export function questionMarkup(question: PromptQuestion, remark = ''): string {
  const { technician, machine } = question;
  const { trusted, words } = standing(technician);
  const leftMs = Math.max(0, Date.parse(question.until) - Date.now());
  return [
    ...paragraph(technician.name, NAME_WIDTH, 'size="x-large" weight="bold"'),
    ...paragraph(`${postOf(technician)}, ${wish(question)} on ${machine.name}`),
    ...paragraph(trusted ? `✓ ${words}.` : `NOT VERIFIED: ${words}.`, WIDTH, trusted ? '' : 'weight="bold"'),
    '',
    ...labelled(
      'Phone',
      technician.phone ?? 'none',
      technician.phone === null ? ' Ask who is calling.' : ' Is this the number of your caller?',
    ),
    ...labelled('Reason', question.reason),
    ...labelled('Ticket', question.ticket),
    '',
    ...question.notices.flatMap((notice) => paragraph(`⚠ ${notice}`)),
    ...paragraph(
      `At most ${lengthInWords(question.limitMs)}. ${recordedInWords(question.recorded)} You can end it at any time.`,
    ),
    ...paragraph(`You have ${lengthInWords(leftMs)} to answer. No answer means no.`),
    ...(remark === '' ? [] : ['', ...paragraph(remark, WIDTH, 'weight="bold"')]),
  ].join('\n');
}

function wish({ during }: PromptQuestion): string {
  return during === undefined
    ? 'asks to help'
    : `is connected since ${timeOfDay(during.startedAt)}, can ${scopesInWords(during.scopes)}, and asks for more`;
}

export const QUESTION_TITLE = 'Chaperone: someone asks to help';
/** What an answer that came too early is told. */
export const TOO_EARLY = 'That was too quick to be read. Please read first, then press Allow.';
export const NOTHING_TICKED = 'Nothing is ticked. Tick what you allow, or press Do not allow.';

export function paragraph(text: string, width = WIDTH, attributes = ''): string[] {
  return wrap(sanitiseLine(text, 600), width).map((line) =>
    attributes === '' ? pango(line, 600) : `<span ${attributes}>${pango(line, 600)}</span>`,
  );
}

export function labelled(label: string, value: string, after = ''): string[] {
  const [first = '', ...rest] = wrap(sanitiseLine(value, 600), WIDTH - label.length - 2);
  return [`${label}: <b>${pango(first, 600)}</b>${pango(after)}`, ...rest.map((line) => `<b>${pango(line, 600)}</b>`)];
}
