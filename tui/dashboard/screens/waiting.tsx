// Says who is awaited, for what and until when; asks for the code or about an unknown key when that is needed.

import { useState } from 'react';
import { fitCells } from '../../../protocol/terminal/sgr.ts';
import { WHERE_IT_IS_READ } from '../../connection/errors.ts';
import type { Size } from '../../terminal/frame.ts';
import { paint } from '../../theme.ts';
import type { Attempt, AttemptQuestion } from '../attempt.ts';
import { usePorts } from '../desk.ts';
import { entryText } from '../form-rows.ts';
import { LAYER } from '../key-bus.ts';
import { Rows, ScreenFrame, titleRow } from '../pieces.tsx';
import { entryOf } from '../text-entry.ts';
import { useBindings } from '../use-keys.ts';
import { useNow } from '../use-now.ts';
import { useSource } from '../use-source.ts';
import { useTextEntry } from '../use-text-entry.ts';
import { waitingRows } from '../waiting-rows.ts';
import { wrapWords } from '../wrap-words.ts';

const ASK_THE_PERSON = 'Ask the person at the machine to read the one-time code to you.';

export interface WaitingProps {
  readonly size: Size;
  readonly attempt: Attempt;
}

export function WaitingScreen({ size, attempt }: WaitingProps) {
  const now = useNow();
  const { waiting, question } = useSource(attempt, () => attempt.state());
  useBindings('waiting', { 'waiting.cancel': () => attempt[Symbol.dispose]() }, { layer: LAYER.screen });
  const { cols } = size;
  const head = [titleRow('New session', attempt.form.address, cols)];
  if (question !== null) return <Question key={question.kind} size={size} head={head} question={question} />;
  return (
    <ScreenFrame {...size} head={head} keys={['waiting', 'everywhere']}>
      <Rows rows={waitingRows(waiting, attempt.form, cols, now)} />
    </ScreenFrame>
  );
}

interface QuestionProps {
  readonly size: Size;
  readonly head: readonly string[];
  readonly question: AttemptQuestion;
}

function Question({ size, head, question }: QuestionProps) {
  return question.kind === 'code' ? (
    <CodeQuestion size={size} head={head} question={question} />
  ) : (
    <HostKeyQuestion size={size} head={head} question={question} />
  );
}

type Of<K extends AttemptQuestion['kind']> = Extract<AttemptQuestion, { kind: K }>;

function CodeQuestion({ size, head, question }: QuestionProps & { readonly question: Of<'code'> }) {
  const ports = usePorts();
  const [problem, setProblem] = useState('');
  const entry = useTextEntry({
    place: 'entry',
    start: entryOf(''),
    maxLength: 60,
    active: true,
    onDone: (text) => {
      const wrong = text.trim() === '' ? 'ask the person to read the code to you' : ports.connect.checkCode(text);
      setProblem(wrong ?? '');
      if (wrong === null) question.answer(text.trim());
    },
    onCancel: () => question.answer(null),
  });
  const { cols } = size;
  const { triesLeft } = question.ask;
  const words = question.ask.words || ASK_THE_PERSON;
  const tries = triesLeft === null ? '' : triesInWords(triesLeft, words);
  return (
    <ScreenFrame {...size} head={head} keys={['entry']}>
      <Rows
        rows={[
          '',
          ...wrapWords(`${sentence(words)}${tries}`, cols - 2).map((line) => fitCells(` ${line}`, cols)),
          '',
          ` ${paint('accent', 'Code')}  ${entryText(entry, Math.max(4, cols - 8), true)}`,
          problem === '' ? '' : paint('danger', fitCells(`       ${problem}`, cols)),
        ]}
      />
    </ScreenFrame>
  );
}

/** What the machine has not said itself. */
function triesInWords(triesLeft: number, words: string): string {
  if (words.includes(String(triesLeft))) return ' Then the machine makes a new code.';
  return ` (${triesLeft} left, then the machine makes a new code)`;
}

function HostKeyQuestion({ size, head, question }: QuestionProps & { readonly question: Of<'host key'> }) {
  useBindings(
    'question',
    { 'question.yes': () => question.answer(true), 'question.no': () => question.answer(false) },
    { layer: LAYER.question },
  );
  const { cols } = size;
  const { address, fingerprint, known } = question.ask;
  const changed = [
    paint('danger', fitCells(' This machine shows another key than before.', cols)),
    '',
    ...wrapWords(
      'It may have been set up anew, or somebody else may be answering in its place. Call the person and compare the key that their computer shows before you go on.',
      cols - 2,
    ).map((line) => ` ${line}`),
    '',
    fitCells(` Before:  ${known ?? ''}`, cols),
    fitCells(` Now:     ${fingerprint}`, cols),
  ];
  const fresh = [
    fitCells(` You connect to ${address} for the first time. Its key is`, cols),
    '',
    fitCells(`   ${fingerprint}`, cols),
    '',
    ...wrapWords(`Compare it with what the person reads to you. They see it with ${WHERE_IT_IS_READ}.`, cols - 2).map(
      (line) => ` ${line}`,
    ),
  ];
  return (
    <ScreenFrame {...size} head={head} keys={['question']}>
      <Rows rows={['', ...(known === null ? fresh : changed), '', paint('title', ' Trust this key from now on?')]} />
    </ScreenFrame>
  );
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
