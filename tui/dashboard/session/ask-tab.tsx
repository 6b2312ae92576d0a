// The Ask tab: suggest a command that the person approves, or ask for another permission, each with its reason.

import { useEffect, useState } from 'react';
import { fitCells } from '../../../protocol/terminal/sgr.ts';
import { paint } from '../../theme.ts';
import { usePorts } from '../desk.ts';
import { entryText } from '../form-rows.ts';
import { LAYER } from '../key-bus.ts';
import { Rows } from '../pieces.tsx';
import {
  editScopes,
  goOn,
  moveScope,
  onBox,
  type ScopesForm,
  scopesRows,
  startScopes,
  tickScope,
} from '../scopes-form.ts';
import { entryOf, type TextEntry } from '../text-entry.ts';
import { useAnyKey, useBindings } from '../use-keys.ts';
import { useSource } from '../use-source.ts';
import { useTextEntry } from '../use-text-entry.ts';
import { type AskLine, AskLog } from './ask-log.ts';
import { type TabProps, useReportedPlace } from './tab-props.ts';

const COMMAND_LENGTH = 1000; // characters, as the machine allows
const PURPOSE = ' What for, in words that the person understands: ';
const KEYS = ' Enter suggests a command; m asks for another permission.';
const NOT_ALLOWED = 'suggesting commands is not among what was allowed: m asks the person for it';
const EMPTY = entryOf('');

/** A command that is being suggested: first itself, then what for. */
interface Writing {
  readonly command: string | null;
  /** What is missing, until something is typed. */
  readonly missing: string;
}

const FIRST: Writing = { command: null, missing: '' };

export function AskTab({ session, area, visible, active, onPlace }: TabProps) {
  const { connect } = usePorts();
  const [log] = useState(() => new AskLog(session));
  const lines = useSource(log, () => log.lines());
  const [writing, setWriting] = useState<Writing | null>(null);
  const [form, setForm] = useState<ScopesForm | null>(null);
  const open = visible && active;
  useReportedPlace(form !== null ? 'form' : writing === null ? 'ask' : 'entry', visible, onPlace);
  useEffect(() => () => log[Symbol.dispose](), [log]);
  const askForMore = () => {
    const { scopes } = session.snapshot().grant;
    const offered = connect.scopes.filter((scope) => !scopes.includes(scope));
    if (offered.length > 0) setForm(startScopes(offered));
    else log.complain('there is nothing more to ask for: all of it is allowed');
  };
  useBindings(
    'ask',
    {
      'ask.command': () => {
        if (session.snapshot().grant.scopes.includes('shell.suggest')) setWriting(FIRST);
        else log.complain(NOT_ALLOWED);
      },
      'ask.scopes': askForMore,
      'ask.restart': () => log.prepareRestart(),
      'ask.cancel': () => log.cancel(),
    },
    { layer: LAYER.pane, active: open && writing === null && form === null },
  );
  const submit = () => {
    if (form === null) return;
    const more = goOn(form);
    setForm(more);
    if (more !== null) return;
    // A refusal brings the form back, unless something else was begun meanwhile.
    void log.askForMore(form.ticked, form.reason.text.trim()).then((problem) => {
      if (problem !== null) setForm((now) => now ?? { ...form, problem });
    });
  };
  const ticking = open && form !== null;
  useBindings(
    'form',
    {
      'form.next': () => setForm((before) => before && moveScope(before, 1)),
      'form.previous': () => setForm((before) => before && moveScope(before, -1)),
      'form.submit': submit,
      'form.toggle': form !== null && onBox(form) ? () => setForm(tickScope(form)) : undefined,
      'form.cancel': () => setForm(null),
    },
    { layer: LAYER.field, active: ticking, modal: true },
  );
  useAnyKey(
    (key) => {
      const edited = form && editScopes(form, key);
      if (edited !== null) setForm(edited);
      return edited !== null;
    },
    { layer: LAYER.field, active: ticking },
  );
  const entry = useTextEntry({
    place: 'entry',
    start: EMPTY,
    maxLength: COMMAND_LENGTH,
    active: open && writing !== null && form === null,
    onCancel: () => setWriting(null),
    onDone: (text) => {
      const words = text.trim();
      if (writing === null) return;
      if (words === '') return setWriting({ ...writing, missing: missingIn(writing) });
      if (writing.command === null) return setWriting({ command: words, missing: '' });
      setWriting(null);
      log.suggest(writing.command, words);
    },
  });
  if (!visible) return null;
  const { cols, rows } = area;
  const bottom = form !== null ? scopesRows(form, cols, rows) : writingRows(writing, entry, cols);
  const room = Math.max(0, rows - bottom.length);
  const shown = (room === 0 ? [] : lines.slice(-room)).map((each) => rowOf(each, cols));
  return <Rows rows={[...Array.from({ length: room - shown.length }, () => ''), ...shown, ...bottom]} />;
}

function missingIn({ command }: Writing): string {
  return command === null ? 'type the command first; Esc goes back' : 'say what it is for: the person reads it';
}

function writingRows(writing: Writing | null, entry: TextEntry, cols: number): string[] {
  if (writing === null) {
    const all = `${KEYS} The person decides.`;
    return [paint('muted', fitCells(cols < all.length ? KEYS : all, cols))];
  }
  const label =
    writing.command === null ? ' Command: ' : fitCells(PURPOSE, Math.min(PURPOSE.length, Math.max(8, cols - 20)));
  const line = `${paint('accent', label)}${entryText(entry, Math.max(4, cols - label.length - 1), true)}`;
  return [
    ...(writing.command === null ? [] : [fitCells(` Command: ${writing.command}`, cols)]),
    ...(writing.missing === '' || entry.text.trim() !== ''
      ? []
      : [paint('danger', fitCells(` ${writing.missing}`, cols))]),
    line,
  ];
}

function rowOf({ kind, text }: AskLine, cols: number): string {
  const row = fitCells(kind === 'output' ? `   ${text}` : ` ${text}`, cols);
  if (kind === 'output') return row;
  return paint(({ asked: 'accent', state: 'muted', problem: 'danger' } as const)[kind], row);
}
