// Finds words in the person's own description that may name a patient, so that they can take them out. A seat belt:
// what looks like none of these passes.

import { sanitiseLine } from '../../../protocol/terminal/sanitise.ts';

export interface Identifier {
  readonly kind: string;
  readonly text: string;
}

const FOUND_MAX = 20; // more than that nobody checks one by one

/** Bounded quantifiers only: a text of any kind is searched in linear time. */
const PATTERNS: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ['a social security number', /\b\d{3}[- ]\d{2}[- ]\d{4}\b/g],
  [
    'a record number',
    /\b(?:MRN|medical record|record|chart|patient(?: id)?|case)[ \t]{0,3}(?:no\.?|number|#|:)?[ \t]{0,3}[:#]?[ \t]{0,3}[A-Z]{0,3}-?\d{4,12}\b/gi,
  ],
  [
    'a date of birth',
    /\b(?:DOB|date of birth|born)[ \t]{0,3}:?[ \t]{0,3}(?:on[ \t]{1,3})?\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}\b/gi,
  ],
  ['an e-mail address', /\b[\w.+-]{1,40}@[\w-]{1,40}(?:\.[\w-]{2,20}){1,4}\b/g],
  ['a telephone number', /(?<![\w-])\+?\d{1,3}[- .(]{1,2}\d{2,4}[- .)]{1,2}\d{3,4}(?:[- .]\d{2,4}){0,2}(?![\w-])/g],
  [
    "a patient's name",
    /\b(?:[Pp]atient|[Pp]t\.?|[Mm]rs?\.?|[Mm]s\.?)[ \t]{1,3}\p{Lu}\p{Ll}{1,20}(?:[ \t]{1,2}\p{Lu}\p{Ll}{1,20})?/gu,
  ],
];

/** What may name a patient, each once, in the order of the kinds. */
export function findIdentifiers(text: string): Identifier[] {
  const found = new Map<string, Identifier>();
  for (const [kind, pattern] of PATTERNS) {
    for (const [match] of text.matchAll(pattern)) {
      const words = sanitiseLine(match, 60);
      if (![...found.keys()].some((known) => known.includes(words))) found.set(words, { kind, text: words });
      if (found.size === FOUND_MAX) return [...found.values()];
    }
  }
  return [...found.values()];
}
