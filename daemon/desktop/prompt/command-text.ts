// A proposed command as a window shows it: all of it, in letters of one width, with what it would touch.

import { sanitiseLine } from '../../../protocol/terminal/sanitise.ts';
import type { CommandQuestion } from '../../consent/command-question.ts';
import { RISK_WORDS, similarInWords } from '../../prompt/command-words.ts';
import { lengthInWords } from '../../prompt/words.ts';
import { wrapExactly } from '../../terminal/wrap.ts';
import { pango } from '../dialog/pango.ts';
import { labelled, paragraph } from './question-text.ts';

const COMMAND_WIDTH = 76; // letters of a line

export function commandMarkup(question: CommandQuestion, remark = ''): string {
  const { technician, edited, touches, notices, limitMs, until } = question;
  const similar = similarInWords(question);
  const leftMs = Math.max(0, Date.parse(until) - Date.now());
  const command = wrapExactly(sanitiseLine(question.command, 8000), COMMAND_WIDTH);
  return [
    ...paragraph(
      edited ? 'Run your version of the command?' : `${technician.name} suggests a command`,
      44,
      'size="x-large" weight="bold"',
    ),
    ...labelled('Why', question.reason),
    '',
    ...command.map((line) => `<tt>${pango(line, 8000)}</tt>`),
    '',
    ...paragraph(RISK_WORDS[question.risk].words, 78, 'weight="bold"'),
    ...touches.flatMap((touched) => paragraph(`•  ${touched}`)),
    ...notices.flatMap((notice) => paragraph(`⚠ ${notice}`)),
    ...(similar === null ? [] : paragraph(`“${similar.choice}” asks no more in this session. ${similar.covers}`)),
    ...paragraph(
      `It is ended after ${lengthInWords(limitMs)}. You have ${lengthInWords(leftMs)} to answer. No answer means no.`,
    ),
    ...(remark === '' ? [] : ['', ...paragraph(remark, 78, 'weight="bold"')]),
  ].join('\n');
}
