// What may leave the emulator as the content of one cell: text that fills exactly this cell on every terminal.

import stringWidth from 'string-width';
import { kindOf, MARKS_PER_CHARACTER, REPLACEMENT } from './code-points.ts';

const CACHE_SIZE = 4096; // distinct contents; more than any language's screen shows at once
const CONTENT_LENGTH = 64; // UTF-16 units looked at; the rest of a flooded cell is never seen

const SPACING_MARK = /\p{Mc}/u;
const REGIONAL_INDICATOR = /\p{Regional_Indicator}/u;

const cache = new Map<string, string>();

/**
 * Printable text exactly `width` cells wide. Of an emoji joined from several the first is kept and variation selectors
 * go, because terminals disagree on what those take; a neighbour's column must not depend on that.
 *
 * @param content what the emulator holds for the cell, `''` if nothing was written there
 * @param width 1 or 2 cells
 */
export function cellText(content: string, width: number): string {
  const key = `${width}${content.slice(0, CONTENT_LENGTH)}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const text = fill(content.slice(0, CONTENT_LENGTH), width);
  if (cache.size >= CACHE_SIZE) cache.clear();
  cache.set(key, text);
  return text;
}

function fill(content: string, width: number): string {
  let text = '';
  let taken = 0;
  let marks = 0;
  for (const raw of content) {
    const kind = kindOf(raw);
    if (kind === 'invisible') continue;
    if (kind === 'mark' && (text === '' || ++marks > MARKS_PER_CHARACTER)) continue;
    const character = kind === 'unreadable' ? REPLACEMENT : raw;
    const more = characterWidth(character, kind === 'mark');
    if (taken + more > width) break;
    text += character;
    taken += more;
  }
  if (text === '' && /[^\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/u.test(content)) {
    text = REPLACEMENT;
    taken = 1;
  }
  return text + ' '.repeat(width - taken);
}

/** Cells that `wcwidth` and its like give to one character, where a terminal joins nothing. */
function characterWidth(character: string, isMark: boolean): number {
  if (isMark) return SPACING_MARK.test(character) ? 1 : 0;
  return REGIONAL_INDICATOR.test(character) ? 1 : stringWidth(character);
}
