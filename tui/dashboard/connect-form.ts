// The form in front of a session: what is in it, what keys do to it, what is wrong with it. Pure.

import { TechnicianRequest } from '../../protocol/request.ts';
import { orderScopes, type Scope } from '../../protocol/scopes.ts';
import type { Key } from '../terminal/keys.ts';
import type { ConnectForm, ConnectPort } from './ports.ts';
import { editEntry, entryOf, type TextEntry } from './text-entry.ts';

export const TEXT_FIELDS = ['address', 'code', 'reason', 'ticket'] as const;
export type TextField = (typeof TEXT_FIELDS)[number];

const MAX_LENGTH: Readonly<Record<TextField, number>> = { address: 260, code: 60, reason: 300, ticket: 64 }; // characters

/** What a mark can stand on: a text field, a scope's checkbox, or the button. */
export type FormItem =
  | { readonly kind: 'text'; readonly field: TextField }
  | { readonly kind: 'scope'; readonly scope: Scope }
  | { readonly kind: 'submit' };

export interface FormState {
  readonly texts: Readonly<Record<TextField, TextEntry>>;
  readonly scopes: readonly Scope[];
  /** Scopes that have a checkbox. */
  readonly offered: readonly Scope[];
  readonly focus: number;
  /** After the first try to submit, all problems are shown, not only those of fields that were left. */
  readonly tried: boolean;
  /** Fields that were left once. */
  readonly left: readonly TextField[];
  /** The field that Enter did not leave, because something is wrong with it; until it is changed. */
  readonly stopped: TextField | null;
}

export function formItems({ offered }: Pick<FormState, 'offered'>): readonly FormItem[] {
  return [
    ...TEXT_FIELDS.map((field) => ({ kind: 'text', field }) as const),
    ...offered.map((scope) => ({ kind: 'scope', scope }) as const),
    { kind: 'submit' },
  ];
}

/**
 * The mark stands on the first field that is still empty.
 *
 * @param usual what is ticked unless `start` says otherwise
 */
export function startForm(
  start: Partial<ConnectForm>,
  offered: readonly Scope[],
  usual: readonly Scope[] = offered.slice(0, 1),
): FormState {
  const texts = {
    address: entryOf(start.address ?? ''),
    code: entryOf(start.code ?? ''),
    reason: entryOf(start.reason ?? ''),
    ticket: entryOf(start.ticket ?? ''),
  };
  const scopes = start.scopes ?? usual.filter((scope) => offered.includes(scope));
  const empty = TEXT_FIELDS.findIndex((field) => texts[field].text === '');
  return { texts, scopes, offered, focus: Math.max(0, empty), tried: false, left: [], stopped: null };
}

export function focused(state: FormState): FormItem {
  return formItems(state)[state.focus] ?? { kind: 'submit' };
}

export function moveFocus(state: FormState, by: number): FormState {
  const item = focused(state);
  const count = formItems(state).length;
  const left = item.kind === 'text' && !state.left.includes(item.field) ? [...state.left, item.field] : state.left;
  return { ...state, left, stopped: null, focus: (state.focus + by + count) % count };
}

/** Enter in a field: on to the next, but not from a text that is wrong: the next one typed would land elsewhere. */
export function goOn(state: FormState, problems: Problems): FormState {
  const item = focused(state);
  const wrong =
    item.kind === 'text' && problems[item.field] !== undefined && state.texts[item.field].text.trim() !== '';
  return wrong ? { ...state, stopped: item.field } : moveFocus(state, 1);
}

/** The form after a key typed into the field with the mark, or null when it is not for the field. */
export function typeInto(state: FormState, key: Key): FormState | null {
  const item = focused(state);
  if (item.kind !== 'text') return null;
  const entry = editEntry(state.texts[item.field], key, MAX_LENGTH[item.field]);
  return entry === null ? null : { ...state, stopped: null, texts: { ...state.texts, [item.field]: entry } };
}

export function toggle(state: FormState): FormState {
  const item = focused(state);
  if (item.kind !== 'scope') return state;
  const ticked = state.scopes.includes(item.scope);
  const scopes = ticked ? state.scopes.filter((scope) => scope !== item.scope) : [...state.scopes, item.scope];
  return { ...state, scopes: orderScopes(scopes) };
}

export function formValues({ texts, scopes }: FormState): ConnectForm {
  return {
    address: texts.address.text.trim(),
    code: texts.code.text.trim(),
    reason: texts.reason.text.trim(),
    ticket: texts.ticket.text.trim(),
    scopes: orderScopes(scopes),
  };
}

export type Problems = Readonly<Partial<Record<TextField | 'scopes', string>>>;

/** What stands in the way of asking, in words, by field. */
export function formProblems(state: FormState, checks: Pick<ConnectPort, 'checkAddress' | 'checkCode'>): Problems {
  const form = formValues(state);
  const problems: { -readonly [key in keyof Problems]: string } = {};
  const { reason, ticket, scopes } = form;
  for (const { path, message } of TechnicianRequest.safeParse({ reason, ticket, scopes }).error?.issues ?? []) {
    const field = path[0] === 'reason' || path[0] === 'ticket' ? path[0] : 'scopes';
    problems[field] ??= message;
  }
  const address =
    form.address === '' ? 'whose machine? a connection ID or an address' : checks.checkAddress(form.address);
  if (address !== null) problems.address = address;
  const code = form.code === '' ? null : checks.checkCode(form.code);
  if (code !== null) problems.code = code;
  return problems;
}

/** After a try that could not be sent: all problems are shown, and the mark stands on the first of them. */
export function refused(state: FormState, problems: Problems): FormState {
  const focus = formItems(state).findIndex((item) =>
    item.kind === 'text' ? problems[item.field] !== undefined : item.kind === 'scope' && problems.scopes !== undefined,
  );
  return { ...state, tried: true, focus: focus < 0 ? state.focus : focus };
}

/** The problems to be shown now: a field that is being filled in is left in peace. */
export function shownProblems(state: FormState, problems: Problems): Problems {
  if (state.tried) return problems;
  const item = focused(state);
  const shown = TEXT_FIELDS.filter(
    (field) =>
      state.stopped === field || (state.left.includes(field) && !(item.kind === 'text' && item.field === field)),
  );
  return Object.fromEntries(
    shown.flatMap((field) => (problems[field] === undefined ? [] : [[field, problems[field]]])),
  );
}
