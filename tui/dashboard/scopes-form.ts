// Asking for more during a session: a box for each permission that is not held yet, and why. Pure.

import { orderScopes, SCOPE_WORDS, type Scope } from '../../protocol/scopes.ts';
import { cellWidth, fitCells } from '../../protocol/terminal/sgr.ts';
import type { Key } from '../terminal/keys.ts';
import { paint } from '../theme.ts';
import { entryText } from './form-rows.ts';
import { editEntry, entryOf, type TextEntry } from './text-entry.ts';
import { wrapWords } from './wrap-words.ts';

const REASON_MAX = 300; // characters, as the machine allows
const WHY = ' Why, in words that the person understands: ';

export interface ScopesForm {
  readonly offered: readonly Scope[];
  readonly ticked: readonly Scope[];
  readonly reason: TextEntry;
  /** Index of a box, or the number of boxes: the reason. */
  readonly focus: number;
  /** What is wrong, until the next key; empty when nothing is known to be. */
  readonly problem: string;
}

export function startScopes(offered: readonly Scope[]): ScopesForm {
  return { offered, ticked: [], reason: entryOf(''), focus: 0, problem: '' };
}

export function moveScope(form: ScopesForm, by: number): ScopesForm {
  const count = form.offered.length + 1;
  return { ...form, problem: '', focus: (form.focus + by + count) % count };
}

export function onBox(form: ScopesForm): boolean {
  return form.focus < form.offered.length;
}

export function tickScope(form: ScopesForm): ScopesForm {
  const scope = form.offered[form.focus];
  if (scope === undefined) return form;
  const { ticked } = form;
  const next = ticked.includes(scope) ? ticked.filter((other) => other !== scope) : [...ticked, scope];
  return { ...form, problem: '', ticked: orderScopes(next) };
}

/** The form after a key, or null when the key is not for it. Letters mean nothing on a box, and nothing else either. */
export function editScopes(form: ScopesForm, key: Key): ScopesForm | null {
  if (onBox(form)) return key.text === '' ? null : { ...form, problem: '' };
  const reason = editEntry(form.reason, key, REASON_MAX);
  return reason === null ? null : { ...form, problem: '', reason };
}

/** Enter: on to the reason, or what is missing, or null when the person can be asked. */
export function goOn(form: ScopesForm): ScopesForm | null {
  const why = form.offered.length;
  if (form.ticked.length === 0) return { ...form, focus: onBox(form) ? form.focus : 0, problem: 'Space ticks one' };
  if (onBox(form)) return { ...form, focus: why, problem: '' };
  return form.reason.text.trim() === '' ? { ...form, problem: 'say why: the person reads it' } : null;
}

/** In at most `seen` rows; the mark and the reason are always among them. */
export function scopesRows(form: ScopesForm, cols: number, seen: number): string[] {
  const boxes = form.offered.map((scope, index) => boxRow(form, scope, index === form.focus, cols));
  const problem =
    form.problem === '' ? [] : wrapWords(form.problem, cols - 2).map((line) => paint('danger', ` ${line}`));
  const label = fitCells(WHY, Math.min(WHY.length, Math.max(8, cols - 20)));
  const why = onBox(form) ? label : paint('accent', label);
  const reason = `${why}${entryText(form.reason, Math.max(4, cols - label.length - 1), !onBox(form))}`;
  const room = Math.max(1, seen - problem.length - 2);
  const top = Math.max(0, Math.min(form.focus - room + 1, boxes.length - room));
  return [' May I also have (Space ticks):', ...boxes.slice(top, top + room), reason, ...problem].slice(-seen);
}

function boxRow({ ticked }: ScopesForm, scope: Scope, marked: boolean, cols: number): string {
  const { title, allows, mayBePreTicked } = SCOPE_WORDS[scope];
  const box = `${ticked.includes(scope) ? '[x]' : '[ ]'} ${title} (${scope})`;
  const rest = paint('muted', fitCells(allows, Math.max(0, cols - cellWidth(box) - 6)));
  return `   ${marked ? paint('selected', box) : mayBePreTicked ? box : paint('danger', box)}  ${rest}`;
}
