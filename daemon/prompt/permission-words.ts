// Permissions as a person names them: by the words on their screen, by the number in a list, or by the short name.

import { UsageError } from '../../protocol/errors.ts';
import { nearest } from '../../protocol/nearest-word.ts';
import { SCOPE_WORDS, SCOPES, type Scope } from '../../protocol/scopes.ts';
import type { SessionView } from '../local/controls.ts';

export type Change = 'withdraw' | 'allow';

/** What can be changed in a session, in the order in which it is numbered from 1. */
export function changeable(change: Change, { scopes, addable = [] }: SessionView): readonly Scope[] {
  return change === 'withdraw' ? scopes : addable;
}

/**
 * Reads `2`, `shell`, `Type commands`, and words without quotes between them: `type commands reboot`.
 *
 * @param numbered what a number stands for; null when that cannot be told
 * @throws UsageError
 */
export function readPermissions(words: readonly string[], numbered: readonly Scope[] | null): Scope[] {
  const all = words.flatMap((word) => word.trim().split(/[\s,]+/)).filter((word) => word !== '');
  const found: Scope[] = [];
  for (let at = 0; at < all.length; ) {
    let length = all.length - at;
    let scope: Scope | null = null;
    for (; length > 0 && scope === null; length -= 1) {
      scope = readOne(all.slice(at, at + length).join(' '), numbered);
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

/** Whether a number is among them, which means something only beside a list. */
export function hasNumber(words: readonly string[]): boolean {
  return words.some((word) => /^\s*\d+\s*$/.test(word));
}

function readOne(text: string, numbered: readonly Scope[] | null): Scope | null {
  if (/^\d+$/.test(text)) {
    const scope = numbered?.[Number(text) - 1];
    if (scope !== undefined) return scope;
    throw new UsageError(
      numbered === null ? 'a number does not say whose permission it is' : `there is no permission number ${text}`,
      numbered === null ? 'name the session too: --session' : 'see the numbers: chaperoned scopes',
    );
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
