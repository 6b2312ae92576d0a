// Every control sequence that Chaperone itself writes to the technician's terminal, in one place.

const ESC = '\x1b[';

/**
 * Takes the terminal: alternate screen, no wrapping at the right edge (a row that a terminal finds wider than we do
 * must not push the next one down), keys in their normal encoding, pastes in brackets, cursor hidden, screen cleared.
 */
export const ENTER = `${ESC}?1049h${ESC}?7l${ESC}?1l\x1b>${ESC}?2004h${ESC}?25l${ESC}0m${ESC}2J${ESC}H`;

/**
 * Gives it back from whatever state it is in. Also undoes what we never switch on (mouse reports, scroll region,
 * character sets): leaving is the last chance, and a terminal ignores what is already so.
 */
export const LEAVE = [
  `${ESC}?2026l`,
  `${ESC}0m`,
  `${ESC}r`,
  '\x1b(B\x0f',
  `${ESC}?1000l${ESC}?1002l${ESC}?1003l${ESC}?1004l${ESC}?1006l`,
  `${ESC}?2004l`,
  `${ESC}?1l\x1b>`,
  `${ESC}?7h`,
  `${ESC}?1049l`,
  `${ESC}?25h`,
].join('');

/** Synchronized output (mode 2026): a terminal that knows it shows everything between the two at once. */
export const BEGIN_SYNC = `${ESC}?2026h`;
export const END_SYNC = `${ESC}?2026l`;

export const HIDE_CURSOR = `${ESC}?25l`;
export const SHOW_CURSOR = `${ESC}?25h`;
export const RESET_STYLE = `${ESC}0m`;
export const ERASE_TO_END = `${ESC}K`;

/** Cells counted from 0. */
export function moveTo(x: number, y: number): string {
  return `${ESC}${y + 1};${x + 1}H`;
}

/** Blanks `count` cells from the cursor on without moving it. */
export function eraseCells(count: number): string {
  return `${ESC}${count}X`;
}
