// Finds where an escape sequence ends, so that it is dropped whole and none of its text is left behind as rubbish.
// The grammar is ECMA-48 section 5.4 with the states of the DEC VT500 parser (https://vt100.net/emu/dec_ansi_parser).

const ESC = 0x1b;
const BEL = 0x07;
const CAN = 0x18; // CAN and SUB abort any sequence
const SUB = 0x1a;
const ST = 0x9c;

/** The 8-bit introducers and the letter that follows ESC in their 7-bit form. */
const C1_LETTER = new Map<number, string>([
  [0x8e, 'N'],
  [0x8f, 'O'],
  [0x90, 'P'],
  [0x98, 'X'],
  [0x9b, '['],
  [0x9d, ']'],
  [0x9e, '^'],
  [0x9f, '_'],
]);

/** DCS, SOS, OSC, PM, APC; and `k`, with which tmux and screen set a window's name. */
const STRING_LETTERS = new Set(['P', 'X', ']', '^', '_', 'k']);

/** Whether the UTF-16 unit at some place begins an escape sequence. */
export function startsSequence(unit: number): boolean {
  return unit === ESC || C1_LETTER.has(unit);
}

/**
 * Index of the first unit after the sequence that starts at `start`, where `startsSequence` holds.
 * A line break ends any sequence, so an unterminated one hides the rest of its own line and never the lines after it.
 * Amortised linear: what is looked at is consumed, except for one unit that starts something new.
 */
export function endOfSequence(text: string, start: number): number {
  let letter = C1_LETTER.get(text.charCodeAt(start));
  let index = start + 1;
  if (letter === undefined) {
    index = skipIgnored(text, index);
    letter = text.charAt(index);
    if (!/^[\x20-\x7e]$/.test(letter)) return index;
    index += 1;
  }
  if (letter === '[') return endOfControl(text, index);
  if (letter === 'N' || letter === 'O') return endOfShift(text, index);
  if (STRING_LETTERS.has(letter)) return endOfString(text, index);
  return letter < '0' ? endOfIntermediates(text, index) : index;
}

/** CSI: parameters and intermediates 0x20–0x3F, then one final 0x40–0x7E. */
function endOfControl(text: string, start: number): number {
  let index = start;
  for (;;) {
    index = skipIgnored(text, index);
    const unit = text.charCodeAt(index);
    if (unit >= 0x20 && unit < 0x40) index += 1;
    else return unit >= 0x40 && unit < 0x7f ? index + 1 : index + (isAbort(unit) ? 1 : 0);
  }
}

/** SS2 and SS3 take one character from another set: not the one that would be read here. */
function endOfShift(text: string, start: number): number {
  const unit = text.charCodeAt(start);
  return unit > 0x20 && unit < 0x7f ? start + 1 : start;
}

/** ESC, intermediates 0x20–0x2F, one final 0x30–0x7E, as in `ESC ( B`. */
function endOfIntermediates(text: string, start: number): number {
  let index = start;
  for (;;) {
    index = skipIgnored(text, index);
    const unit = text.charCodeAt(index);
    if (unit >= 0x20 && unit < 0x30) index += 1;
    else return unit >= 0x30 && unit < 0x7f ? index + 1 : index + (isAbort(unit) ? 1 : 0);
  }
}

/** A string runs to ST or BEL; another ESC begins a new sequence, as it does in a terminal. */
function endOfString(text: string, start: number): number {
  for (let index = start; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit === BEL || unit === ST || isAbort(unit)) return index + 1;
    if (unit === ESC) return text.charAt(index + 1) === '\\' ? index + 2 : index;
    if (isLineBreak(unit)) return index;
  }
  return text.length;
}

/** A terminal executes or ignores other controls in the middle of a sequence and then goes on with it. */
function skipIgnored(text: string, start: number): number {
  let index = start;
  for (;;) {
    const unit = text.charCodeAt(index);
    const ignored = unit === 0x7f || (unit < 0x20 && unit !== ESC && !isAbort(unit) && !isLineBreak(unit));
    if (!ignored) return index;
    index += 1;
  }
}

function isAbort(unit: number): boolean {
  return unit === CAN || unit === SUB;
}

function isLineBreak(unit: number): boolean {
  return (unit >= 0x0a && unit <= 0x0d) || unit === 0x85 || unit === 0x2028 || unit === 0x2029;
}
