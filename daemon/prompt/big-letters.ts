// Large letters and digits from half blocks, for what is read aloud over the phone.

const GLYPH_ROWS = 5; // dots; the sixth of three half-block rows stays empty

/** Five rows of dots per character, `#` set. Drawn here; only what codes and connection IDs hold. */
const GLYPHS: Readonly<Record<string, string>> = {
  '0': ' ## |#  #|#  #|#  #| ## ',
  '1': ' # |## | # | # |###',
  '2': '### |   #| ## |#   |####',
  '3': '### |   #| ## |   #|### ',
  '4': '#  #|#  #|####|   #|   #',
  '5': '####|#   |### |   #|### ',
  '6': ' ## |#   |### |#  #| ## ',
  '7': '####|   #|  # | #  | #  ',
  '8': ' ## |#  #| ## |#  #| ## ',
  '9': ' ## |#  #| ###|   #| ## ',
  '-': '   |   |###|   |   ',
  ' ': '  |  |  |  |  ',
  A: ' ## |#  #|####|#  #|#  #',
  B: '### |#  #|### |#  #|### ',
  C: ' ###|#   |#   |#   | ###',
  D: '### |#  #|#  #|#  #|### ',
  E: '####|#   |### |#   |####',
  F: '####|#   |### |#   |#   ',
  G: ' ###|#   |# ##|#  #| ###',
  H: '#  #|#  #|####|#  #|#  #',
  I: '###| # | # | # |###',
  J: '  ##|   #|   #|#  #| ## ',
  K: '#  #|# # |##  |# # |#  #',
  L: '#   |#   |#   |#   |####',
  M: '#   #|## ##|# # #|#   #|#   #',
  N: '#   #|##  #|# # #|#  ##|#   #',
  O: ' ## |#  #|#  #|#  #| ## ',
  P: '### |#  #|### |#   |#   ',
  Q: ' ##  |#  # |#  # |# ## | ## #',
  R: '### |#  #|### |# # |#  #',
  S: ' ###|#   | ## |   #|### ',
  T: '#####|  #  |  #  |  #  |  #  ',
  U: '#  #|#  #|#  #|#  #| ## ',
  V: '#   #|#   #| # # | # # |  #  ',
  W: '#   #|#   #|# # #|## ##|#   #',
  X: '#   #| # # |  #  | # # |#   #',
  Y: '#   #| # # |  #  |  #  |  #  ',
  Z: '####|  # | #  |#   |####',
};

const BLOCKS: Readonly<Record<string, string>> = { '  ': ' ', '# ': '▀', ' #': '▄', '##': '█' };

/**
 * `text` in three rows of half blocks (letters as capitals), or null when it holds a character without a glyph or
 * takes more than `width` cells.
 */
export function bigLetters(text: string, width: number): string[] | null {
  const dots: string[] = Array.from({ length: GLYPH_ROWS + 1 }, () => '');
  for (const character of text.toUpperCase()) {
    const glyph = GLYPHS[character]?.split('|');
    if (glyph === undefined) return null;
    const gap = dots[0] === '' ? '' : ' ';
    const wide = glyph[0]?.length ?? 0;
    for (const [row, former] of dots.entries()) dots[row] = former + gap + (glyph[row] ?? ' '.repeat(wide));
  }
  const rows = [0, 2, 4].map((top) =>
    [...(dots[top] ?? '')]
      .map((upper, x) => BLOCKS[upper + (dots[top + 1]?.[x] ?? ' ')] ?? ' ')
      .join('')
      .trimEnd(),
  );
  return (dots[0]?.length ?? 0) <= width ? rows : null;
}
