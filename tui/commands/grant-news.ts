// Permissions that were taken back while a session lives: which ones, and by whom, as the machine tells it.

import { z } from 'zod';
import type { AuditEventView } from '../../protocol/control/messages.ts';
import type { Grant } from '../../protocol/grant.ts';
import { SCOPE_WORDS, type Scope } from '../../protocol/scopes.ts';

/** What of a logged change is read here. */
const Change = z.object({ by: z.string(), reason: z.string() });

export interface TakenBack {
  readonly scopes: readonly Scope[];
  readonly words: string;
}

/** Null when nothing was taken back between two grants. */
export function takenBack(
  before: Pick<Grant, 'scopes'>,
  now: Pick<Grant, 'scopes'>,
  audit: readonly AuditEventView[],
): TakenBack | null {
  const scopes = before.scopes.filter((scope) => !now.scopes.includes(scope));
  if (scopes.length === 0) return null;
  const titles = scopes.map((scope) => SCOPE_WORDS[scope].title.toLowerCase()).join(', ');
  const change = Change.safeParse(audit.findLast(({ type }) => type === 'grant.changed')?.fields);
  const byPerson = !change.success || change.data.by === 'local user';
  return { scopes, words: byPerson ? `the person took back: ${titles}` : `${change.data.reason}: ${titles}` };
}
