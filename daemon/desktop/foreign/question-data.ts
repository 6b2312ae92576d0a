// What a window on macOS or Windows is told: plain data, handed over beside the script and never written into it.

import type { PromptQuestion } from '../../consent/prompter.ts';
import { newQuestion } from '../../prompt/question-state.ts';
import { questionSentences } from '../../prompt/question-words.ts';

export interface QuestionData {
  readonly title: string;
  readonly text: string;
  readonly choices: readonly { readonly label: string; readonly ticked: boolean }[];
  readonly seconds: number;
  readonly armsAfterMs: number;
}

export function questionData(question: PromptQuestion): QuestionData {
  return {
    title: 'Chaperone: someone asks to help',
    text: questionSentences(newQuestion(question)).join('\n'),
    choices: question.offered.map(({ title, allows, preTicked }) => ({
      label: `${title}. ${allows}`,
      ticked: preTicked,
    })),
    seconds: Math.max(1, Math.floor((Date.parse(question.until) - Date.now()) / 1000)),
    armsAfterMs: question.armsAfterMs,
  };
}
