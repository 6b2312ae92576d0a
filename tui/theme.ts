// Colours by what they mean. Only the sixteen that every colour terminal has, so the technician's own palette decides
// how they look; and every meaning has a second sign (bold, inverse, a word) for terminals and eyes without colour.
// Yellow, green and cyan letters cannot be read on white, which is how xterm and others begin: those colours are a ground
// for black letters instead, and grounds are always named together with their letters.

/** SGR parameters of each meaning. */
export const THEME = {
  /** Something is wrong or dangerous. */
  danger: '1;31',
  /** Deserves a look; the words or a sign say so, too. Not bold: many terminals show bold black as grey. */
  warning: '30;43',
  /** As it should be; the words or a sign say so, too. */
  good: '30;42',
  /** Where the eye should go: keys, the active tab. Magenta shows as well on white as on black. */
  accent: '1;35',
  title: '1',
  muted: '2',
  /** The row under the cursor. */
  selected: '7',
  /** The banner while the session is active, paused, ended: letters and ground exchanged, so that it stays without colours. */
  bannerActive: '7;32;40',
  bannerPaused: '7;33;40',
  bannerEnded: '7;31;47',
} as const;

export type Meaning = keyof typeof THEME;

/** `text` in the colour of a meaning. Styles inside of `text` end it, so paint the innermost parts only. */
export function paint(meaning: Meaning, text: string): string {
  return text === '' ? '' : `\x1b[${THEME[meaning]}m${text}\x1b[0m`;
}
