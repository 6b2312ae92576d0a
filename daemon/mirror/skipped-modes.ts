// Reads output that nobody will see for what it switches: screen, margins, character sets, colours. A flood is too much to
// draw, but what comes after it must be drawn as if all of it had been.

import type { ModeRecord } from './mode-record.ts';

const ESC = 0x1b;
const SHIFT_OUT = 0x0e;
const SHIFT_IN = 0x0f;
const CANCEL = '\x18'; // ends what the emulator is in the middle of
const HARD_RESET = '\x1bc';
const SOFT_RESET = '\x1b[!p';
const RESETS = [HARD_RESET, SOFT_RESET];
const PRIVATE = '\x1b[?';
const MAX_PARAMETERS = 64; // bytes of a mode sequence; a longer one is nobody's
const MAX_COLOURS = 256; // colour changes since the last reset; of more the newest count
const OPEN_BRACKET = 0x5b;
const LETTER_C = 0x63;
const LETTER_M = 0x6d;
const ZERO = 0x30;

/**
 * The sequences that leave a terminal in the modes in which `skipped` would have left it. Not covered: tab stops, saved
 * cursors, and where the cursor is; what follows soon decides that.
 * @param modes what came before `skipped` and was skipped as well; is changed
 */
export function modesAfter(skipped: Buffer, modes: ModeRecord): string {
  const colours = readAll(skipped, modes);
  return CANCEL + modes.sequences() + shiftAfter(skipped) + colours;
}

/**
 * Reads only DEC private modes (the alternate screen, the cursor) and full resets: twenty times as fast, for output that
 * is so far back that its colours and margins hardly matter.
 */
export function readPrivateModes(bytes: Buffer, modes: ModeRecord): void {
  const reset = bytes.lastIndexOf(HARD_RESET);
  if (reset >= 0) modes.hardReset();
  for (let at = bytes.indexOf(PRIVATE, Math.max(reset, 0)); at >= 0; at = bytes.indexOf(PRIVATE, at + 1)) {
    readControl(bytes, at, endOfControl(bytes, at), modes);
  }
}

/** @returns the colours at the end */
function readAll(bytes: Buffer, modes: ModeRecord): string {
  let colours: [from: number, to: number][] = []; // since the last reset
  for (let at = bytes.indexOf(ESC); at >= 0; ) {
    let end = at + 2;
    const kind = bytes[at + 1];
    if (kind === OPEN_BRACKET) {
      end = endOfControl(bytes, at);
      if (bytes[end - 1] !== LETTER_M) {
        if (readControl(bytes, at, end, modes) === 'reset') colours = [];
      } else {
        if (isColourReset(bytes, at, end)) colours = [];
        colours.push([at, end]);
      }
    } else if (kind === LETTER_C) {
      modes.hardReset();
      colours = [];
    } else if (kind !== undefined && kind >= 0x28 && kind <= 0x2b) {
      modes.charset(bytes.toString('latin1', at, at + 3)); // ESC ( to ESC +
    }
    at = bytes.indexOf(ESC, end);
  }
  return colours
    .slice(-MAX_COLOURS)
    .map(([from, to]) => bytes.toString('latin1', from, to))
    .join('');
}

/** Index behind the final byte of the control sequence at `start`. */
function endOfControl(bytes: Buffer, start: number): number {
  let end = start + 2;
  for (let byte = bytes[end] ?? 0; byte >= 0x20 && byte < 0x40; byte = bytes[end] ?? 0) end += 1;
  return end + 1;
}

function isColourReset(bytes: Buffer, start: number, end: number): boolean {
  return end - start === 3 || (end - start === 4 && bytes[start + 2] === ZERO);
}

function readControl(bytes: Buffer, start: number, end: number, modes: ModeRecord): 'reset' | undefined {
  if (end - start > MAX_PARAMETERS) return undefined;
  const parameters = bytes.toString('latin1', start + 2, end - 1);
  const final = String.fromCharCode(bytes[end - 1] ?? 0);
  if (`\x1b[${parameters}${final}` === SOFT_RESET) {
    modes.softReset();
    return 'reset';
  }
  if (final === 'r' && /^[\d;]*$/.test(parameters)) modes.margins(parameters);
  else if ((final === 'h' || final === 'l') && /^\??[\d;]+$/.test(parameters)) {
    const mark = parameters.startsWith('?') ? '?' : '';
    for (const number of parameters.slice(mark.length).split(';')) modes.mode(`${mark}${number}`, final === 'h');
  }
  return undefined;
}

/** Which of the two character sets is in use, if that was said. */
function shiftAfter(bytes: Buffer): string {
  const out = bytes.lastIndexOf(SHIFT_OUT);
  const into = bytes.lastIndexOf(SHIFT_IN);
  const last = Math.max(out, into);
  if (last < 0 || RESETS.some((reset) => bytes.indexOf(reset, last) >= 0)) return '';
  return String.fromCharCode(out > into ? SHIFT_OUT : SHIFT_IN);
}
