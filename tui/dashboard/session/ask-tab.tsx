// The Ask tab: suggest a command that the person approves, or ask for another permission, each with its reason.

import { useEffect, useState } from 'react';
import { fitCells } from '../../../protocol/terminal/sgr.ts';
import { paint } from '../../theme.ts';
import { entryText } from '../form-rows.ts';
import { LAYER } from '../key-bus.ts';
import { Rows } from '../pieces.tsx';
import { entryOf } from '../text-entry.ts';
import { useBindings } from '../use-keys.ts';
import { useSource } from '../use-source.ts';
import { useTextEntry } from '../use-text-entry.ts';
import { type AskLine, AskLog } from './ask-log.ts';
import { type TabProps, useReportedPlace } from './tab-props.ts';

const COMMAND_LENGTH = 1000; // characters, as the machine allows
const EMPTY = entryOf('');

/** What is being written: first what, then why. */
type Writing = { readonly what: 'command' | 'scopes'; readonly first: string | null } | null;

export function AskTab({ session, area, visible, active, onPlace }: TabProps) {
  const [log] = useState(() => new AskLog(session));
  const lines = useSource(log, () => log.lines());
  const [writing, setWriting] = useState<Writing>(null);
  const open = visible && active;
  useReportedPlace(writing === null ? 'ask' : 'entry', visible, onPlace);
  useEffect(() => () => log[Symbol.dispose](), [log]);
  useBindings(
    'ask',
    {
      'ask.command': () => setWriting({ what: 'command', first: null }),
      'ask.scopes': () => setWriting({ what: 'scopes', first: null }),
      'ask.restart': () => log.prepareRestart(),
      'ask.cancel': () => log.cancel(),
    },
    { layer: LAYER.pane, active: open && writing === null },
  );
  const entry = useTextEntry({
    place: 'entry',
    start: EMPTY,
    maxLength: COMMAND_LENGTH,
    active: open && writing !== null,
    onCancel: () => setWriting(null),
    onDone: (text) => {
      const words = text.trim();
      if (writing === null || words === '') return setWriting(null);
      if (writing.first === null) return setWriting({ ...writing, first: words });
      setWriting(null);
      if (writing.what === 'command') log.suggest(writing.first, words);
      else log.askForMore(writing.first, words);
    },
  });
  if (!visible) return null;
  const { cols, rows } = area;
  const label = labelOf(writing);
  const line =
    writing === null
      ? paint('muted', fitCells(' Enter suggests a command; m asks for another permission. The person decides.', cols))
      : `${paint('accent', label)}${entryText(entry, Math.max(4, cols - label.length - 1), true)}`;
  const shown = lines.slice(-(rows - 1)).map((each) => rowOf(each, cols));
  return <Rows rows={[...Array.from({ length: rows - 1 - shown.length }, () => ''), ...shown, line]} />;
}

function labelOf(writing: Writing): string {
  if (writing === null) return '';
  if (writing.first !== null) return ' What for, in words that the person understands: ';
  return writing.what === 'command' ? ' Command: ' : ' Permissions, as shell or diagnostics: ';
}

function rowOf({ kind, text }: AskLine, cols: number): string {
  const row = fitCells(kind === 'output' ? `   ${text}` : ` ${text}`, cols);
  if (kind === 'output') return row;
  return paint(({ asked: 'accent', state: 'muted', problem: 'danger' } as const)[kind], row);
}
