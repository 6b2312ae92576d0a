// Decides which characters may reach a terminal at all; sanitiser and screen share this one answer.
// What is left must look the same width to every terminal, or a remote string could push our frame about.

/**
 * Characters that are dropped: controls (C0, DEL, C1), every format character (bidi, zero-width, soft hyphen, tags),
 * everything else that is invisible by design (variation selectors, Hangul fillers), and emoji modifiers.
 * Joiners and modifiers go even inside emoji: where a terminal does not join, one "wide" cluster takes eight cells.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Emoji_Modifier}]/u;

/** Lone surrogates and noncharacters have no encoding or no meaning; the reader should see that something was there. */
const UNREADABLE = /[\p{Cs}\p{Noncharacter_Code_Point}]/u;

/** Marks are drawn over the character before them. Conjoining vowels and finals of Hangul behave likewise. */
const MARK = /[\p{M}\u1160-\u11ff\ud7b0-\ud7ff]/u;

/** Shown in place of what cannot be shown. */
export const REPLACEMENT = '\ufffd';

/** Decomposed Vietnamese needs 2 and pointed Hebrew 4; taller stacks only draw over neighbouring rows. */
export const MARKS_PER_CHARACTER = 4;

export type Kind = 'base' | 'mark' | 'invisible' | 'unreadable';

/** What one code point is to a terminal. `character` is a string of exactly one code point. */
export function kindOf(character: string): Kind {
  const code = character.codePointAt(0) ?? 0;
  if ((code >= 0x20 && code < 0x7f) || (code > 0xad && code < 0x300)) return 'base';
  if (INVISIBLE.test(character)) return 'invisible';
  if (UNREADABLE.test(character)) return 'unreadable';
  return MARK.test(character) ? 'mark' : 'base';
}
