import { describe, expect, it } from 'vitest';
import { CODE_WORDS } from './code-words.ts';

/** Words that sound like another one, in American or British speech; a few that alarm; a few that insult. */
const UNFIT = new Set(
  `bare bear beach beech beat beet berry bury blew blue board border bored bough bow bowl boulder bolder brake break
  bread bred buy by cell cellar cent cereal chord cite coarse colonel coral core cord council course court cymbal dear
  deer desert dessert die dye fair fairy feet ferry fir flea flour flower foul fowl fur grate great guerrilla gorilla
  hair hangar hare heal heel hole holly holy horse hour idle idol jewel kernel knight knot lamb lead leak leek lesson
  mail maize male mane manner manor mantle marshal maze meat medal metal meter moose morning muscle mussel mustard
  naval navel night none oar ore pair palate palette pallet pane peace peak pear pedal petal pidgin pigeon plain plane
  pole poll pore prince principal profit prophet quartz rain rein reign ring role roll root rose route sail sale scene
  sea seal seller serial sew sleigh slay soar sole son soul stair stake stalk steak steel stork sun sweet symbol tail
  tale taxi tea team tear thyme tide tied timber time toad toe tow turban vain vane vase vein waist waste wail waive
  water wave way weather week weigh whale wheel whether wine wood wool yolk
  alarm bleed blood bomb burn coffin crash cough danger death dead disease doctor drug emergency explode fire flood gun
  grave hospital hostage hurt injury knife morgue needle nurse pain patient pill pistol poison police rifle scalpel
  shooter sick skull surgeon threat toxic tumor victim virus war weapon wound
  bastard bloody cow damn devil dumb fat fool hell idiot naked nude pig slave stupid ugly witch`.split(/\s+/),
);

/** How a word comes through a bad line: vowels blur, voiced and unvoiced, m and n are one. */
function heard(word: string): string {
  return word
    .replace(/^kn/, 'n')
    .replace(/^wr/, 'r')
    .replaceAll('ph', 'f')
    .replaceAll('gh', '')
    .replaceAll('sch', 'sk')
    .replace(/tch|ch|sh|j|g(?=[eiy])/g, '!')
    .replaceAll('qu', 'kw')
    .replace(/c(?=[eiy])/g, 's')
    .replaceAll('ck', 'k')
    .replaceAll('x', 'ks')
    .replaceAll('th', 't')
    .replace(/e$/, '')
    .replace(/[aeiouyw]+/g, 'a')
    .replace(/[bdgvzmcq]/g, (letter) => 'ptkfsnkk'['bdgvzmcq'.indexOf(letter)] ?? '')
    .replace(/(.)\1+/g, '$1');
}

/** The word itself and what is left when any one letter is lost: two that share one are a slip or two apart. */
function withLetterLost(word: string): string[] {
  return [...new Set([word, ...Array.from(word, (_, index) => word.slice(0, index) + word.slice(index + 1))])];
}

function withNeighboursSwapped(word: string): string[] {
  const swapped = Array.from(
    word.slice(1),
    (next, index) => word.slice(0, index) + next + word[index] + word.slice(index + 2),
  );
  return [...new Set([word, ...swapped])];
}

/** Those that have a key in common with a word before them. */
function collisions(keysOf: (word: string) => readonly string[]): string[] {
  const seen = new Map<string, string>();
  const found: string[] = [];
  for (const word of CODE_WORDS) {
    for (const key of keysOf(word)) {
      const other = seen.get(key);
      if (other === undefined) seen.set(key, word);
      else found.push(`${other} / ${word}`);
    }
  }
  return found;
}

describe('the words of one-time codes', () => {
  it('are 512, in order, lower case, of 3 to 8 letters', () => {
    expect(CODE_WORDS).toHaveLength(512);
    expect([...CODE_WORDS].sort()).toEqual(CODE_WORDS);
    expect(CODE_WORDS.filter((word) => !/^[a-z]{3,8}$/.test(word))).toEqual([]);
  });

  it('differ in their first four letters', () => {
    expect(collisions((word) => [word.slice(0, 4)])).toEqual([]);
  });

  it('are not the beginning of one another, so that they can be told apart without a separator', () => {
    expect(CODE_WORDS.filter((word) => CODE_WORDS.some((other) => other !== word && other.startsWith(word)))).toEqual(
      [],
    );
  });

  it('are more than one typing error apart', () => {
    expect(collisions(withLetterLost)).toEqual([]);
    expect(collisions(withNeighboursSwapped)).toEqual([]);
  });

  it('sound different on a bad line', () => {
    expect(collisions((word) => [heard(word)])).toEqual([]);
  });

  it('neither sound like other words, nor alarm, nor insult', () => {
    expect(CODE_WORDS.filter((word) => UNFIT.has(word))).toEqual([]);
  });
});
