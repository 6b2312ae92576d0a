// What stands in the tray's menu, from what the tray knows. Pure. No click in it gives a technician more than they have.

import { SCOPE_WORDS, type Scope } from '../../../protocol/scopes.ts';
import { sanitiseLine } from '../../../protocol/terminal/sanitise.ts';
import type { MachineStatus, SessionView } from '../../local/controls.ts';
import { timeOfDay, whoIs } from '../../prompt/words.ts';
import type { TrayState } from './icon.ts';

export type MenuAction =
  | { readonly do: 'code' | 'help' | 'end all' | 'quit' | 'watch' | 'forbid return' }
  | { readonly do: 'pause' | 'resume' | 'end' | 'more'; readonly session: string }
  | { readonly do: 'withdraw'; readonly session: string; readonly scope: Scope }
  | { readonly do: 'receipt'; readonly session: string };

export type MenuEntry =
  | { readonly kind: 'line' }
  | { readonly kind: 'words'; readonly label: string }
  | { readonly kind: 'action'; readonly label: string; readonly action: MenuAction }
  | { readonly kind: 'menu'; readonly label: string; readonly entries: readonly MenuEntry[] };

export interface KnownReceipt {
  readonly session: string;
  readonly name: string;
  readonly endedAt: string;
}

export interface TrayView {
  /** Live ones only. */
  readonly sessions: readonly SessionView[];
  /** Who asks now. */
  readonly asking: string | null;
  /** The person expects a technician: the code is being read out, or help was asked for. */
  readonly expecting: boolean;
  readonly receipts: readonly KnownReceipt[];
  /** Who may come back once after a restart. */
  readonly lease: NonNullable<MachineStatus['lease']> | null;
}

const LABEL_LENGTH = 60; // characters; menus grow as wide as their widest line

export function trayState({ sessions, asking, expecting, lease }: TrayView): TrayState {
  if (asking !== null) return 'asking';
  if (sessions.some(({ state }) => state !== 'paused')) return 'session';
  if (sessions.length > 0) return 'paused';
  return expecting || lease !== null ? 'waiting' : 'idle';
}

/** One sentence, for the tooltip and the head of the menu. */
export function trayWords(view: TrayView): string {
  const names = view.sessions.map(({ technician }) => technician.name).join(', ');
  switch (trayState(view)) {
    case 'asking':
      return short(`${view.asking} asks to help`);
    case 'session':
      return short(`${names}: connected`);
    case 'paused':
      return short(`${names}: paused`);
    case 'waiting':
      return view.lease === null ? 'Waiting for your helper' : short(`${view.lease.technician} may come back`);
    case 'idle':
      return 'Nobody is connected';
  }
}

export function trayMenu(view: TrayView): MenuEntry[] {
  const { sessions, receipts, lease } = view;
  return [
    { kind: 'words', label: trayWords(view) },
    { kind: 'line' },
    { kind: 'action', label: 'Show number and code', action: { do: 'code' } },
    { kind: 'action', label: 'Get help…', action: { do: 'help' } },
    { kind: 'line' },
    ...sessions.map(sessionMenu),
    ...(lease === null ? [] : leaseEntries(lease)),
    ...(sessions.length === 0
      ? []
      : ([
          { kind: 'action', label: 'Watch what they do', action: { do: 'watch' } },
          { kind: 'action', label: 'End everything now', action: { do: 'end all' } },
          { kind: 'line' },
        ] as const)),
    receipts.length === 0
      ? { kind: 'words', label: 'No receipts yet' }
      : { kind: 'menu', label: 'Last receipts', entries: receipts.map(receiptEntry) },
    { kind: 'line' },
    {
      kind: 'action',
      label: sessions.length === 0 ? 'Quit (nobody can ask then)' : 'Quit and end everything',
      action: { do: 'quit' },
    },
  ];
}

function sessionMenu(session: SessionView): MenuEntry {
  const { id, state, technician, scopes, addable = [] } = session;
  const pause: MenuEntry =
    state === 'paused'
      ? { kind: 'action', label: 'Resume', action: { do: 'resume', session: id } }
      : { kind: 'action', label: 'Pause', action: { do: 'pause', session: id } };
  return {
    kind: 'menu',
    label: short(`${whoIs(technician)}${state === 'paused' ? ', paused' : ''}`),
    entries: [
      pause,
      { kind: 'action', label: 'End now', action: { do: 'end', session: id } },
      { kind: 'line' },
      { kind: 'words', label: 'Do not allow any more:' },
      ...scopes.map(
        (scope): MenuEntry => ({
          kind: 'action',
          label: SCOPE_WORDS[scope].title,
          action: { do: 'withdraw', session: id, scope },
        }),
      ),
      // It opens a window that asks: a click that slips gives nothing.
      ...(addable.length === 0
        ? []
        : ([{ kind: 'line' }, { kind: 'action', label: 'Allow more…', action: { do: 'more', session: id } }] as const)),
    ],
  };
}

/** Comes back without a question: whoever looks at the menu has to see it, and can forbid it with one click. */
function leaseEntries({ technician, until }: NonNullable<TrayView['lease']>): MenuEntry[] {
  return [
    { kind: 'words', label: short(`After a restart ${technician} may come back, until ${timeOfDay(until)}`) },
    { kind: 'action', label: 'Do not let them come back', action: { do: 'forbid return' } },
    { kind: 'line' },
  ];
}

function receiptEntry({ session, name, endedAt }: KnownReceipt): MenuEntry {
  const day = new Date(endedAt).toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
  return {
    kind: 'action',
    label: short(`${day} ${timeOfDay(endedAt)}, ${name}`),
    action: { do: 'receipt', session },
  };
}

function short(text: string): string {
  return sanitiseLine(text, LABEL_LENGTH);
}
