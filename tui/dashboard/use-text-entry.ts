// One line being typed, with Enter and Esc.

import { useState } from 'react';
import { LAYER } from './key-bus.ts';
import { editEntry, type TextEntry } from './text-entry.ts';
import { useAnyKey, useBindings } from './use-keys.ts';

export interface TextEntryOptions {
  readonly start: TextEntry;
  readonly maxLength: number;
  readonly active: boolean;
  readonly onDone: (text: string) => void;
  readonly onCancel: () => void;
}

/** While active it takes every key that edits text, before any screen does. */
export function useTextEntry({ start, maxLength, active, onDone, onCancel }: TextEntryOptions): TextEntry {
  const [entry, setEntry] = useState(start);
  useBindings(
    'entry',
    {
      'entry.done': () => {
        onDone(entry.text);
        setEntry(start);
      },
      'entry.cancel': () => {
        onCancel();
        setEntry(start);
      },
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
