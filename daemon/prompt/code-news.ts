// What a change of the one-time code means to the person who reads it out. They are told when a code did not fit: they
// know whether their helper mistyped it, and whether anybody should be trying at all.

import type { CodeView } from '../local/controls.ts';

const HANG_UP = 'If your helper typed just what you read, hang up and call a number that you know.';

/** A sentence or two; null when there is nothing to tell, empty when what was told of the former code is over. */
export function codeNews(before: CodeView | null, now: CodeView): string | null {
  if (before === null) {
    return null;
  }
  if (before.code !== now.code) {
    if (now.because === 'three wrong attempts')
      return `Three times a code did not fit, so here is a new one. ${HANG_UP}`;
    return before.attemptsLeft < now.attemptsLeft ? '' : null;
  }
  return now.attemptsLeft < before.attemptsLeft
    ? `Somebody used a code that did not fit. Tries left: ${now.attemptsLeft}. ${HANG_UP}`
    : null;
}
