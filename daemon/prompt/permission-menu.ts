// Taking permissions back and allowing more, by keys: a short list, chosen by number. Pure.

import { SCOPE_WORDS, type Scope } from '../../protocol/scopes.ts';
import type { SessionView } from '../local/controls.ts';
import type { Key } from '../terminal/keys.ts';
import { type Change, changeable } from './permission-words.ts';

const ENTRIES_MAX = 9; // one digit each

export interface MenuEntry {
  readonly session: string;
  readonly scope: Scope;
  readonly who: string;
}

export interface PermissionMenu {
  readonly change: Change;
  readonly entries: readonly MenuEntry[];
  /** What would be allowed; taking back needs no second key. */
  readonly chosen: MenuEntry | null;
  /** Whether what would be allowed could be read by now, so that a key can allow it. */
  readonly armed: boolean;
}

export type MenuEffect =
  | { readonly kind: 'menu'; readonly menu: PermissionMenu }
  | { readonly kind: 'do'; readonly entry: MenuEntry }
  | { readonly kind: 'closed' };

/** Null when there is nothing to change. */
export function permissionMenu(
  change: PermissionMenu['change'],
  sessions: readonly SessionView[],
): PermissionMenu | null {
  const entries = sessions.flatMap((session) =>
    changeable(change, session).map((scope) => ({ session: session.id, scope, who: session.technician.name })),
  );
  return entries.length === 0 ? null : { change, entries: entries.slice(0, ENTRIES_MAX), chosen: null, armed: false };
}

/** The choice was to be read long enough. */
export function armMenu(menu: PermissionMenu): PermissionMenu {
  return { ...menu, armed: true };
}

/**
 * A number chooses. Allowing asks for Enter as well, and later than the choice could be read, so that stray typing
 * gives nothing away.
 */
export function pressMenu(menu: PermissionMenu, key: Key): MenuEffect {
  if (menu.chosen !== null) {
    if (key.name !== 'enter') return { kind: 'closed' };
    return menu.armed ? { kind: 'do', entry: menu.chosen } : { kind: 'menu', menu: { ...menu } };
  }
  const entry = key.name === 'text' ? menu.entries[Number(key.text) - 1] : undefined;
  if (entry === undefined) return { kind: 'closed' };
  return menu.change === 'withdraw'
    ? { kind: 'do', entry }
    : { kind: 'menu', menu: { ...menu, chosen: entry, armed: false } };
}

/** What would be allowed, as a question. */
export function confirmWords({ who, scope }: MenuEntry): string {
  return `Allow ${who} to ${titleOf(scope)}?`;
}

export function menuWords({ change, entries, chosen, armed }: PermissionMenu): string {
  if (chosen !== null) {
    const how = armed ? 'Enter allows it, any other key does not.' : 'Please read first: Enter works in a moment.';
    return `${confirmWords(chosen)} ${how}`;
  }
  const several = new Set(entries.map(({ who }) => who)).size > 1;
  const listed = entries.map(({ who, scope }, at) => `${at + 1} ${several ? `${who}: ` : ''}${titleOf(scope)}`);
  return `${change === 'withdraw' ? 'Take back' : 'Allow'}: ${listed.join(' · ')} (another key: nothing)`;
}

function titleOf(scope: Scope): string {
  const { title } = SCOPE_WORDS[scope];
  return title.slice(0, 1).toLowerCase() + title.slice(1);
}
