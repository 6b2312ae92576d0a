// What keys do to a line of text with a cursor. Pure; a field shows it.

import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';
import type { Key } from '../terminal/keys.ts';

const PASTE_LENGTH = 4096; // code points looked at; no field takes more

export interface TextEntry {
  readonly text: string;
  /** Between code points, counted in UTF-16 units. */
  readonly at: number;
}

export function entryOf(text: string): TextEntry {
  return { text, at: text.length };
}

/** The entry after a key, or null when the key is not one that edits text. */
export function editEntry(entry: TextEntry, key: Key, maxLength: number): TextEntry | null {
  const { text, at } = entry;
  const before = text.slice(0, at);
  const after = text.slice(at);
  switch (key.name) {
    case 'left':
      return { text, at: at - lastLength(before) };
    case 'right':
      return { text, at: at + firstLength(after) };
    case 'home':
    case 'ctrl+a':
      return { text, at: 0 };
    case 'end':
    case 'ctrl+e':
      return entryOf(text);
    case 'backspace':
      return { text: before.slice(0, before.length - lastLength(before)) + after, at: at - lastLength(before) };
    case 'delete':
      return { text: before + after.slice(firstLength(after)), at };
    case 'ctrl+u':
      return { text: after, at: 0 };
    case 'ctrl+k':
      return entryOf(before);
    case 'ctrl+w': {
      const kept = before.replace(/\S+\s*$/, '');
      return { text: kept + after, at: kept.length };
    }
    default:
      return key.text === '' ? null : insert(entry, key.text, maxLength);
  }
}

function insert({ text, at }: TextEntry, typed: string, maxLength: number): TextEntry {
  // A paste may hold anything; only its printable text is taken, on one line.
  let clean = '';
  for (const character of sanitiseLine(typed, PASTE_LENGTH)) {
    if (text.length + clean.length + character.length > maxLength) break;
    clean += character;
  }
  return { text: text.slice(0, at) + clean + text.slice(at), at: at + clean.length };
}

function lastLength(text: string): number {
  return [...text].at(-1)?.length ?? 0;
}

function firstLength(text: string): number {
  return text === '' ? 0 : String.fromCodePoint(text.codePointAt(0) ?? 0).length;
}
