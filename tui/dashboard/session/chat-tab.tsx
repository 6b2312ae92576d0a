// The Chat tab: words to and from the local user, and notes for the record. The field has the keyboard from the start,
// as the shell has in its tab: what is typed here is text, and a letter must not end the session.

import { useLayoutEffect, useState } from 'react';
import { fitCells } from '../../../protocol/terminal/sgr.ts';
import { paint } from '../../theme.ts';
import { chatRows } from '../chat-rows.ts';
import { entryText } from '../form-rows.ts';
import { LAYER } from '../key-bus.ts';
import { Rows } from '../pieces.tsx';
import { entryOf } from '../text-entry.ts';
import { useBindings } from '../use-keys.ts';
import { inWords, useSource } from '../use-source.ts';
import { useTextEntry } from '../use-text-entry.ts';
import { type TabProps, useReportedPlace } from './tab-props.ts';

const MESSAGE_LENGTH = 2000; // characters, as the control channel allows
const EMPTY = entryOf('');
const LABELS = { message: ' To the local user: ', note: ' Note for the record: ' } as const;

export function ChatTab({ session, area, visible, active, onPlace }: TabProps) {
  const messages = useSource(session, () => session.chat());
  const [kind, setKind] = useState<'message' | 'note'>('message');
  const [writing, setWriting] = useState(true);
  const [told, setTold] = useState('');
  const open = visible && active;
  useLayoutEffect(() => {
    if (!visible) return;
    setKind('message');
    setWriting(true);
  }, [visible]);
  useReportedPlace(writing ? kind : 'chat', visible, onPlace);
  const write = (next: typeof kind) => () => {
    setKind(next);
    setWriting(true);
  };
  const pane = { layer: LAYER.pane, active: open && !writing } as const;
  useBindings('chat', { 'chat.write': write('message'), 'chat.note': write('note') }, pane);
  const field = (its: typeof kind) => ({ layer: LAYER.field, active: open && writing && kind === its }) as const;
  useBindings('message', { 'message.other': write('note') }, field('message'));
  useBindings('note', { 'note.other': write('message') }, field('note'));
  const entry = useTextEntry({
    place: kind,
    start: EMPTY,
    maxLength: MESSAGE_LENGTH,
    active: open && writing,
    onCancel: () => setWriting(false),
    onDone: (text) => {
      setTold('');
      setKind('message');
      if (text.trim() === '') return;
      const noted = kind === 'note';
      const sent = noted ? session.addNote(text.trim()) : session.sendChat(text.trim());
      sent.then(
        () => setTold(noted ? 'The note is in the record.' : ''),
        (error: unknown) => setTold(inWords(error)),
      );
    },
  });
  if (!visible) return null;
  const { cols, rows } = area;
  const label = LABELS[kind];
  const room = Math.max(4, cols - label.length - 1);
  const hint =
    told === '' && !writing ? 'Enter writes to the local user; n adds a note that only the record keeps.' : told;
  const line =
    entry.text === ''
      ? `${paint('accent', label)}${writing ? paint('selected', ' ') : ' '}${paint('muted', fitCells(` ${hint}`, room - 1))}`
      : `${paint(writing ? 'accent' : 'muted', label)}${entryText(entry, room, writing)}`;
  return <Rows rows={[...chatRows(messages, { cols, rows: rows - 1 }), line]} />;
}
