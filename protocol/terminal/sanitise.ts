// Makes text from the other side safe to print: promise 8, nothing that a peer sends can drive the reader's terminal.

import { kindOf, MARKS_PER_CHARACTER, REPLACEMENT } from './code-points.ts';
import { endOfSequence, startsSequence } from './escape-sequence.ts';

const LINE_LENGTH = 200; // code points; a title, name or message that is longer is not read anyway
const TEXT_LENGTH = 64 * 1024; // code points; more belongs into a file
const TEXT_LINES = 1000; // what a person scrolls through at most
const ELLIPSIS = '…';

export interface TextLimits {
  /** Code points, the ellipsis included. @default 65536 */
  readonly maxLength?: number;
  /** A line break at the very end does not begin another line. @default 1000 */
  readonly maxLines?: number;
}

/**
 * One printable line. Escape sequences vanish whole, as do controls, bidi and other format characters, joiners and
 * variation selectors; line breaks and tabs become spaces; lone surrogates become U+FFFD; at most four marks stay on
 * a character. Longer text is cut and ends in `…`.
 *
 * The result is idempotent, and every terminal agrees on its width. Linear in the input.
 *
 * @param maxLength code points (not cells: that is `fitCells`), the ellipsis included
 */
export function sanitiseLine(text: string, maxLength: number = LINE_LENGTH): string {
  return sanitise(text, ' ', maxLength, 1);
}

/** The same for text of several lines: every kind of line break becomes `\n`, CR LF only one. */
export function sanitiseText(text: string, limits: TextLimits = {}): string {
  return sanitise(text, '\n', limits.maxLength ?? TEXT_LENGTH, limits.maxLines ?? TEXT_LINES);
}

function sanitise(text: string, lineBreak: ' ' | '\n', maxLength: number, maxLines: number): string {
  if (text.length <= maxLength && !/[^\x20-\x7e]/.test(text)) return text;
  const output = new BoundedText(maxLength, maxLines);
  let index = 0;
  while (index < text.length && !output.full) {
    const unit = text.charCodeAt(index);
    if (startsSequence(unit)) {
      index = endOfSequence(text, index);
      continue;
    }
    const character = String.fromCodePoint(text.codePointAt(index) ?? unit);
    index += character.length;
    if (character === '\r' && text.charAt(index) === '\n') continue;
    if (LINE_BREAK.test(character)) output.lineBreak(lineBreak, index === text.length);
    else if (character === '\t') output.base(' ');
    else output.character(character);
  }
  return output.toString();
}

/** LF, VT, FF, CR, NEL, line and paragraph separator. */
const LINE_BREAK = /[\n\v\f\r\u0085\u2028\u2029]/;

/** Collects characters up to the limits and remembers where to cut if one more comes. */
class BoundedText {
  full = false;
  #text = '';
  #length = 0;
  #lines = 1;
  #cut = 0;
  /** Marks that the last character may still take; a mark with nothing below it would be drawn onto our own text. */
  #marksLeft = 0;
  readonly #maxLength: number;
  readonly #maxLines: number;

  constructor(maxLength: number, maxLines: number) {
    this.#maxLength = Math.max(0, Math.floor(maxLength));
    this.#maxLines = Math.max(1, Math.floor(maxLines));
  }

  character(character: string): void {
    const kind = kindOf(character);
    if (kind === 'base') this.base(character);
    else if (kind === 'unreadable') this.base(REPLACEMENT);
    else if (kind === 'mark' && this.#marksLeft > 0) {
      this.#marksLeft -= 1;
      this.#append(character);
    }
  }

  base(character: string): void {
    this.#marksLeft = MARKS_PER_CHARACTER;
    this.#append(character);
  }

  lineBreak(as: ' ' | '\n', last: boolean): void {
    if (as === ' ') {
      this.base(' ');
    } else if (this.#lines === this.#maxLines && !last) {
      this.#overflow();
    } else {
      this.#lines += 1;
      this.#marksLeft = 0;
      this.#append('\n');
    }
  }

  toString(): string {
    return this.#text;
  }

  #append(character: string): void {
    if (this.#length === this.#maxLength) {
      this.#overflow();
      return;
    }
    if (this.#length === this.#maxLength - 1) this.#cut = this.#text.length;
    this.#text += character;
    this.#length += 1;
  }

  #overflow(): void {
    this.full = true;
    if (this.#maxLength === 0) return;
    const kept = this.#length === this.#maxLength ? this.#text.slice(0, this.#cut) : this.#text;
    this.#text = kept + ELLIPSIS;
  }
}
