// The question in sentences, in the order in which one would ask it.

import type { QuestionState } from './question-state.ts';
import { lengthInWords, phoneInWords, recordedInWords, standing, whoIs } from './words.ts';

export function questionSentences({ question, ticked }: QuestionState): string[] {
  const { technician } = question;
  const leftMs = Date.parse(question.until) - Date.now();
  return [
    question.during === undefined
      ? 'QUESTION. Someone asks to help on this computer.'
      : 'QUESTION. The technician who is connected asks for more.',
    `Who: ${whoIs(technician)}. ${standing(technician).words}.`,
    `Phone: ${phoneInWords(technician)}`,
    `Reason: ${question.reason}`,
    `Ticket: ${question.ticket}`,
    'They ask to:',
    ...question.offered.map(
      (offer, index) => `${index + 1}. ${offer.title}: ${ticked.has(offer.scope) ? 'yes' : 'no'}. ${offer.allows}`,
    ),
    `At most ${lengthInWords(question.limitMs)}. ${recordedInWords(question.recorded)} You can end it at any time.`,
    ...question.notices.map((notice) => `Please note: ${notice}`),
    `You have ${lengthInWords(leftMs)} to answer. No answer means no.`,
  ];
}
