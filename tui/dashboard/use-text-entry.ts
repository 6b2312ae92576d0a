// One line being typed, with Enter and Esc.

import { useState } from 'react';
import { LAYER } from './key-bus.ts';
import { editEntry, type TextEntry } from './text-entry.ts';
import { useAnyKey, useBindings } from './use-keys.ts';

export interface TextEntryOptions {
  /** Whose Enter and Esc they are. */
  readonly place: 'entry' | 'message' | 'note';
  readonly start: TextEntry;
  readonly maxLength: number;
  readonly active: boolean;
  readonly onDone: (text: string) => void;
  readonly onCancel: () => void;
}

/** While active it takes every key that edits text, before any screen does. Esc keeps what was typed for later. */
export function useTextEntry({ place, start, maxLength, active, onDone, onCancel }: TextEntryOptions): TextEntry {
  const [entry, setEntry] = useState(start);
  useBindings(
    place,
    {
      [`${place}.done`]: () => {
        onDone(entry.text);
        setEntry(start);
      },
      [`${place}.cancel`]: onCancel,
    },
    { layer: LAYER.field, active, modal: active },
  );
  useAnyKey(
    (key) => {
      const edited = editEntry(entry, key, maxLength);
      if (edited !== null) setEntry(edited);
      return edited !== null;
    },
    { layer: LAYER.field, active },
  );
  return entry;
}
