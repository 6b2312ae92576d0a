// Permissions as a person names them: by the words on their screen, by their number, or by the short name. A permission
// keeps its number whoever holds it: one that moved up with each change would give another permission to the same words.

import { UsageError } from '../../protocol/errors.ts';
import { nearest } from '../../protocol/nearest-word.ts';
import { SCOPE_WORDS, SCOPES, type Scope } from '../../protocol/scopes.ts';
import type { SessionView } from '../local/controls.ts';

export type Change = 'withdraw' | 'allow';

/** What can be changed in a session. */
export function changeable(change: Change, { scopes, addable = [] }: SessionView): readonly Scope[] {
  return change === 'withdraw' ? scopes : addable;
}

/** From 1, the same wherever it is listed. */
export function numberOf(scope: Scope): number {
  return SCOPES.indexOf(scope) + 1;
}

/**
 * Reads `4`, `shell`, `Type commands`, and words without quotes between them: `type commands reboot`.
 *
 * @throws UsageError
 */
export function readPermissions(words: readonly string[]): Scope[] {
  const all = words.flatMap((word) => word.trim().split(/[\s,]+/)).filter((word) => word !== '');
  const found: Scope[] = [];
  for (let at = 0; at < all.length; ) {
    let length = all.length - at;
    let scope: Scope | null = null;
    for (; length > 0 && scope === null; length -= 1) {
      scope = readOne(all.slice(at, at + length).join(' '));
      if (scope !== null) {
        at += length;
      }
    }
    if (scope === null) {
      throw unknown(all.slice(at).join(' '), all[at] ?? '');
    }
    found.push(scope);
  }
  return [...new Set(found)];
}

function readOne(text: string): Scope | null {
  if (/^\d+$/.test(text)) {
    const scope = SCOPES[Number(text) - 1];
    if (scope !== undefined) return scope;
    throw new UsageError(`there is no permission number ${text}`, 'see the numbers: chaperoned scopes');
  }
  const wanted = text.toLowerCase();
  return SCOPES.find((scope) => scope === wanted || SCOPE_WORDS[scope].title.toLowerCase() === wanted) ?? null;
}

function unknown(rest: string, first: string): UsageError {
  const titles = SCOPES.map((scope) => SCOPE_WORDS[scope].title);
  const meant = nearest(rest, [...SCOPES, ...titles]) ?? nearest(first, SCOPES);
  return new UsageError(
    `there is no permission ${JSON.stringify(rest.slice(0, 80))}`,
    meant === undefined ? `permissions are: ${SCOPES.join(', ')}` : `did you mean "${meant}"?`,
  );
}
