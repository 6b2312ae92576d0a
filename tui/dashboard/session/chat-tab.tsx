// The Chat tab: words to and from the local user, and notes for the record.

import { useState } from 'react';
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

export function ChatTab({ session, area, visible, active, onPlace }: TabProps) {
  const messages = useSource(session, () => session.chat());
  const [writing, setWriting] = useState<'no' | 'chat' | 'note'>('no');
  const [told, setTold] = useState('');
  const open = visible && active;
  useReportedPlace(writing === 'no' ? 'chat' : 'entry', visible, onPlace);
  useBindings(
    'chat',
    { 'chat.write': () => setWriting('chat'), 'chat.note': () => setWriting('note') },
    { layer: LAYER.pane, active: open && writing === 'no' },
  );
  const entry = useTextEntry({
    start: EMPTY,
    maxLength: MESSAGE_LENGTH,
    active: open && writing !== 'no',
    onCancel: () => setWriting('no'),
    onDone: (text) => {
      if (text.trim() === '') return setWriting('no');
      const sent = writing === 'note' ? session.addNote(text.trim()) : session.sendChat(text.trim());
      const note = writing === 'note';
      if (note) setWriting('no');
      sent.then(
        () => setTold(note ? 'The note is in the record.' : ''),
        (error: unknown) => setTold(inWords(error)),
      );
    },
  });
  if (!visible) return null;
  const { cols, rows } = area;
  const label = { no: '', chat: ' To the local user: ', note: ' Note: ' }[writing];
  const line =
    writing === 'no'
      ? paint(
          'muted',
          fitCells(
            ` ${told === '' ? 'Enter writes to the local user; n adds a note that only the record keeps.' : told}`,
            cols,
          ),
        )
      : `${paint('accent', label)}${entryText(entry, Math.max(4, cols - label.length - 1), true)}`;
  return <Rows rows={[...chatRows(messages, { cols, rows: rows - 1 }), line]} />;
}
