// What skipped output has set in the terminal and what therefore must not be lost: private modes such as the alternate
// screen, resets, scroll regions, character sets and colours.

const SCANNED_TAIL = 64 * 1024; // bytes in which sequences of every kind are looked for; private modes are found anywhere
const PRIVATE_MODE = Buffer.from('\u001b[?');
const PRIVATE_MAX = 4096; // private modes looked at in one skip; a program that sets more sets the same ones again
const SEQUENCE_MAX = 40; // characters of one sequence

/** DECSET/DECRST, RIS, DECSTR, DECSTBM, character sets, keypad, SGR. */
const STATE = /\u001b(?:\[\?[\d;]{1,36}[hl]|\[[\d;:]{0,36}m|\[\d{0,4};?\d{0,4}r|\[!p|c|[()][0-9A-B]|[78=>])/g;
const RESETS = new Set(['\u001bc', '\u001b[!p']);

/** The sequences of `skipped` that still count, oldest first; each once, where it stood last. */
export function modesIn(skipped: Buffer): string {
  const kept = new Map<string, true>();
  const keep = (text: string) => {
    for (const [sequence] of text.matchAll(STATE)) {
      if (RESETS.has(sequence)) {
        kept.clear();
      }
      kept.delete(sequence);
      kept.set(sequence, true);
    }
  };
  const tail = Math.max(0, skipped.length - SCANNED_TAIL);
  let found = 0;
  for (let at = skipped.indexOf(PRIVATE_MODE); at !== -1 && at < tail && found < PRIVATE_MAX; found += 1) {
    keep(skipped.toString('latin1', at, at + SEQUENCE_MAX).replace(/([hl])[\s\S]*$/, '$1'));
    at = skipped.indexOf(PRIVATE_MODE, at + 1);
  }
  keep(skipped.toString('latin1', tail));
  return [...kept.keys()].join('');
}
