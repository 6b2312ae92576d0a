// Taking permissions back and allowing more, by keys: a short list, chosen by number. Pure.

import { SCOPE_WORDS, type Scope } from '../../protocol/scopes.ts';
import type { SessionView } from '../local/controls.ts';
import type { Key } from '../terminal/keys.ts';
import { type Change, changeable, numberOf } from './permission-words.ts';

const PEOPLE_MAX = 9; // one digit each

export interface MenuEntry {
  readonly session: string;
  readonly scope: Scope;
  readonly who: string;
  /** One digit, the last of the permission's number: the same whoever holds it. */
  readonly key: string;
}

export interface PermissionMenu {
  readonly change: Change;
  readonly entries: readonly MenuEntry[];
  /** Whose permissions are listed; null while the person is to say whose they mean. */
  readonly session: string | null;
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
  const entries = sessions.flatMap((view) =>
    changeable(change, view).map((scope) => ({
      session: view.id,
      scope,
      who: view.technician.name,
      key: String(numberOf(scope) % 10),
    })),
  );
  const [first] = entries;
  if (first === undefined) return null;
  const session = peopleOf(entries).length === 1 ? first.session : null;
  return { change, entries, session, chosen: null, armed: false };
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
  if (key.name !== 'text') return { kind: 'closed' };
  if (menu.session === null) {
    const person = peopleOf(menu.entries)[Number(key.text) - 1];
    return person === undefined ? { kind: 'closed' } : { kind: 'menu', menu: { ...menu, session: person.session } };
  }
  const entry = listedIn(menu).find((each) => key.text === each.key || key.text === String(numberOf(each.scope)));
  if (entry === undefined) return { kind: 'closed' };
  return menu.change === 'withdraw'
    ? { kind: 'do', entry }
    : { kind: 'menu', menu: { ...menu, chosen: entry, armed: false } };
}

/** What would be allowed, as a question. */
export function confirmWords({ who, scope }: MenuEntry): string {
  return `Allow ${who} to ${titleOf(scope)}?`;
}

export function menuWords({ change, entries, session, chosen, armed }: PermissionMenu): string {
  if (chosen !== null) {
    const how = armed ? 'Enter allows it, any other key does not.' : 'Please read first: Enter works in a moment.';
    return `${confirmWords(chosen)} ${how}`;
  }
  const what = change === 'withdraw' ? 'Take back' : 'Allow';
  if (session === null) {
    const people = peopleOf(entries).map(({ who }, at) => `${at + 1} ${who}`);
    return `${what}, ${change === 'withdraw' ? 'from' : 'to'} whom? ${people.join(' · ')} (another key: nothing)`;
  }
  const listed = listedIn({ entries, session }).map(({ key, scope }) => `${key} ${titleOf(scope)}`);
  return `${what}: ${listed.join(' · ')} (another key: nothing)`;
}

/** The first entry of each session. */
function peopleOf(entries: readonly MenuEntry[]): MenuEntry[] {
  const first = entries.filter(({ session }, at) => entries.findIndex((each) => each.session === session) === at);
  return first.slice(0, PEOPLE_MAX);
}

function listedIn({ entries, session }: Pick<PermissionMenu, 'entries' | 'session'>): MenuEntry[] {
  return entries.filter((each) => each.session === session);
}

function titleOf(scope: Scope): string {
  const { title } = SCOPE_WORDS[scope];
  return title.slice(0, 1).toLowerCase() + title.slice(1);
}
