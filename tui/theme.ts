// Colours by what they mean. Only the sixteen that every colour terminal has, so the technician's own palette decides
// how they look; and every meaning has a second sign (bold, inverse, a word) for terminals and eyes without colour.

/** SGR parameters of each meaning. */
export const THEME = {
  /** Something is wrong or dangerous. */
  danger: '1;31',
  /** Deserves a look. */
  warning: '33',
  /** As it should be. */
  good: '32',
  /** Where the eye should go: keys, the active tab. */
  accent: '36',
  title: '1',
  muted: '2',
  /** The row under the cursor. */
  selected: '7',
  /** The banner while the session is active, paused, ended. */
  bannerActive: '7;32',
  bannerPaused: '7;33',
  bannerEnded: '7;31',
  /** Series of charts, in their order. */
  series1: '36',
  series2: '33',
} as const;

export type Meaning = keyof typeof THEME;

/** `text` in the colour of a meaning. Styles inside of `text` end it, so paint the innermost parts only. */
export function paint(meaning: Meaning, text: string): string {
  return text === '' ? '' : `\x1b[${THEME[meaning]}m${text}\x1b[0m`;
}
