// One line that a person types: letters, backspace, pasted text. Bounded, and free of controls.

import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';
import type { Key } from './keys.ts';

const TEXT_MAX = 500; // characters; a chat line, not a letter

export class LineInput {
  #text = '';

  get text(): string {
    return this.#text;
  }

  /** What the key did: `line` when Enter ended it (take it with `take`), `edited`, or nothing. */
  press(key: Key): 'line' | 'edited' | null {
    switch (key.name) {
      case 'enter':
        return 'line';
      case 'text':
      case 'paste':
        this.#text = sanitiseLine(this.#text + key.text, TEXT_MAX);
        return 'edited';
      case 'backspace':
        this.#text = [...this.#text].slice(0, -1).join('');
        return 'edited';
      default:
        return null;
    }
  }

  /** The line without blanks around it; begins the next one. */
  take(): string {
    const line = this.#text.trim();
    this.#text = '';
    return line;
  }
}
