// "Did you mean …?": the nearest known word to one that was mistyped.

const MAX_WORD_LENGTH = 60; // longer input is no typing error, and the table below is quadratic

/** The word of `known` that is at most a third of its letters (at least one) away from `typed`, if any. */
export function nearest(typed: string, known: readonly string[]): string | undefined {
  if (typed.length === 0 || typed.length > MAX_WORD_LENGTH) return undefined;
  const wanted = typed.toLowerCase();
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const word of known) {
    if (word.length > MAX_WORD_LENGTH) continue;
    const distance = editDistance(wanted, word.toLowerCase());
    if (distance < bestDistance && distance <= Math.max(1, Math.floor(word.length / 3))) {
      best = word;
      bestDistance = distance;
    }
  }
  return best;
}

/** Optimal string alignment: insert, delete, replace, or swap two neighbours, each costs one. */
function editDistance(a: string, b: string): number {
  let twoAgo: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1;
      let least = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + cost,
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        least = Math.min(least, (twoAgo[column - 2] ?? 0) + 1);
      }
      current.push(least);
    }
    twoAgo = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}
