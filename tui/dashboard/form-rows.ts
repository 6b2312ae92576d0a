// How a form looks.

import { SCOPE_WORDS } from '../../protocol/scopes.ts';
import { cellWidth, fitCells } from '../../protocol/terminal/sgr.ts';
import { paint } from '../theme.ts';
import { type FormItem, type FormState, formItems, type Problems, type TextField } from './connect-form.ts';
import type { TextEntry } from './text-entry.ts';
import { wrapWords } from './wrap-words.ts';

const LABEL_CELLS = 12;
const LABELS: Readonly<Record<TextField, string>> = {
  address: 'Machine',
  code: 'Code',
  reason: 'Reason',
  ticket: 'Ticket',
};
const HINTS: Readonly<Record<TextField, string>> = {
  address: 'host:port the first time; later also its number, like 482 913 077',
  code: 'what the person reads to you, like 27-harbor-violet',
  reason: 'what the person will read before allowing it',
  ticket: 'its number',
};

/** The form in at most `seen` rows, scrolled so that the mark is seen. */
export function formRows(state: FormState, problems: Problems, cols: number, seen: number): string[] {
  const rows: string[] = [];
  let markFrom = 0;
  let markTo = 0;
  for (const [index, item] of formItems(state).entries()) {
    const marked = index === state.focus;
    const own = itemRows(item, state, problems, marked, cols);
    const first = item.kind === 'scope' && item.scope === state.offered[0];
    const from = rows.length;
    if (first) rows.push(...scopesTitle(problems, cols));
    if (item.kind === 'submit' && rows.length + 1 < seen) rows.push('');
    if (marked) {
      markFrom = first ? from : rows.length;
      markTo = rows.length + own.length;
    }
    rows.push(...own);
  }
  const top = Math.max(0, Math.min(markFrom, markTo - seen, rows.length - seen));
  return rows.slice(top, top + seen);
}

function scopesTitle(problems: Problems, cols: number): string[] {
  const title = ' You ask to:';
  if (problems.scopes === undefined) return [title];
  return problemRows(problems.scopes, title.length + 1, cols).map((row, index) =>
    index === 0 ? `${title}${row.slice(title.length)}` : row,
  );
}

/** What is wrong, all of it: its end is what helps. @param indent cells in front of each row */
function problemRows(problem: string, indent: number, cols: number): string[] {
  return wrapWords(problem, Math.max(4, cols - indent - 1)).map(
    (line) => `${' '.repeat(indent)}${paint('danger', line)}`,
  );
}

function itemRows(item: FormItem, state: FormState, problems: Problems, marked: boolean, cols: number): string[] {
  switch (item.kind) {
    case 'text':
      return textRows(item.field, state.texts[item.field], problems[item.field], marked, cols);
    case 'scope': {
      const { title, allows, mayBePreTicked } = SCOPE_WORDS[item.scope];
      const box = `${state.scopes.includes(item.scope) ? '[x]' : '[ ]'} ${title}`;
      const row = `   ${marked ? paint('selected', box) : mayBePreTicked ? box : paint('danger', box)}`;
      const width = 3 + cellWidth(box);
      return [`${row}  ${paint('muted', fitCells(allows, Math.max(0, cols - width - 3)))}`];
    }
    case 'submit': {
      const button = '[ Ask the person at the machine ]';
      return [` ${marked ? paint('selected', button) : paint('accent', button)}`];
    }
  }
}

function textRows(
  field: TextField,
  entry: TextEntry,
  problem: string | undefined,
  marked: boolean,
  cols: number,
): string[] {
  const label = fitCells(` ${LABELS[field]}`, LABEL_CELLS);
  const room = Math.max(4, cols - LABEL_CELLS - 1);
  const empty = entry.text === '' && !marked;
  const content = empty ? paint('muted', fitCells(HINTS[field], room)) : entryText(entry, room, marked);
  const row = `${marked ? paint('accent', label) : label}${content}`;
  if (problem === undefined) return [row];
  return [row, ...problemRows(problem, LABEL_CELLS, cols)];
}

/** The text with its cursor as an inverse cell, moved so that the cursor is seen. */
export function entryText({ text, at }: TextEntry, cols: number, withCursor: boolean): string {
  if (!withCursor) return fitCells(text, cols);
  let before = text.slice(0, at);
  const under = [...text.slice(at)][0] ?? ' ';
  const room = cols - Math.max(1, cellWidth(under));
  while (cellWidth(before) > room) before = before.slice([...before][0]?.length ?? 1);
  const after = text.slice(at + (at < text.length ? under.length : 0));
  const rest = Math.max(0, room - cellWidth(before));
  return `${before}${paint('selected', under)}${fitCells(after, rest)}`;
}
