// The parameters of a diagnostic before it runs. Pure.

import type { DiagnosticDescriptor, DiagnosticParameter } from '../../protocol/diagnostics.ts';
import { ParameterError, parseParameters } from '../../protocol/diagnostics.ts';
import { fitCells } from '../../protocol/terminal/sgr.ts';
import type { Key } from '../terminal/keys.ts';
import { paint } from '../theme.ts';
import { entryText } from './form-rows.ts';
import { editEntry, entryOf, type TextEntry } from './text-entry.ts';
import { wrapWords } from './wrap-words.ts';

const MAX_LENGTH = 1000; // characters, as the machine allows

export interface ParameterForm {
  readonly descriptor: DiagnosticDescriptor;
  readonly entries: readonly TextEntry[];
  readonly focus: number;
  /** What is wrong, after a try. */
  readonly problem: { readonly parameter: string; readonly words: string } | null;
}

export function startParameters(descriptor: DiagnosticDescriptor): ParameterForm {
  const entries = descriptor.parameters.map((parameter) => entryOf(String(parameter.default ?? '')));
  return { descriptor, entries, focus: 0, problem: null };
}

export function moveParameter(form: ParameterForm, by: number): ParameterForm {
  const count = form.entries.length;
  return { ...form, focus: (form.focus + by + count) % count };
}

/** Typing, or for a choice the arrow keys: the next one. Null when the key is not for the field. */
export function editParameter(form: ParameterForm, key: Key): ParameterForm | null {
  const parameter = form.descriptor.parameters[form.focus];
  const entry = form.entries[form.focus];
  if (parameter === undefined || entry === undefined) return null;
  const edited = choose(parameter, entry, key) ?? editEntry(entry, key, MAX_LENGTH);
  if (edited === null) return null;
  return { ...form, problem: null, entries: form.entries.map((old, index) => (index === form.focus ? edited : old)) };
}

function choose(parameter: DiagnosticParameter, entry: TextEntry, { name }: Key): TextEntry | null {
  if (parameter.kind !== 'choice' || (name !== 'left' && name !== 'right' && name !== 'space')) return null;
  const { choices } = parameter;
  const at = choices.indexOf(entry.text) + (name === 'left' ? -1 : 1);
  return entryOf(choices[(at + choices.length) % choices.length] ?? '');
}

/** The values to run with, or the form with what is wrong and the mark on it. */
export function checkParameters(form: ParameterForm): Record<string, string | number> | ParameterForm {
  const input = Object.fromEntries(
    form.descriptor.parameters.map(({ name }, index) => [name, form.entries[index]?.text.trim() ?? '']),
  );
  try {
    return parseParameters(form.descriptor, input);
  } catch (error) {
    if (!(error instanceof ParameterError)) throw error;
    const focus = Math.max(
      0,
      form.descriptor.parameters.findIndex(({ name }) => name === error.parameter),
    );
    const words = error.hint === undefined ? error.message : `${error.message}: ${error.hint}`;
    return { ...form, focus, problem: { parameter: error.parameter, words } };
  }
}

/** Two or three rows for each parameter, and what runs it. */
export function parameterRows(form: ParameterForm, cols: number): string[] {
  const rows = form.descriptor.parameters.flatMap((parameter, index) => {
    const marked = index === form.focus;
    const title = ` ${parameter.title}${parameter.required ? '' : ' (optional)'}`;
    const hint = parameter.kind === 'choice' ? `←/→ ${parameter.choices.join(', ')}` : parameter.hint;
    const problem = form.problem?.parameter === parameter.name ? form.problem.words : '';
    return [
      `${marked ? paint('accent', title) : title}  ${paint('muted', fitCells(hint, Math.max(0, cols - title.length - 3)).trimEnd())}`,
      `   ${entryText(form.entries[index] ?? entryOf(''), Math.max(4, cols - 4), marked)}`,
      ...(problem === '' ? [] : wrapWords(problem, cols - 4).map((line) => paint('danger', `   ${line}`))),
    ];
  });
  return [...rows, '', ` ${paint('accent', '[ Run ]')} ${paint('muted', 'Enter')}`];
}
