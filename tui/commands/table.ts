// Columns that line up, also for wide characters.

import { cellWidth } from '../../protocol/terminal/sgr.ts';

export interface Column {
  readonly title: string;
  /** @default 'left' */
  readonly align?: 'left' | 'right';
}

const GAP = '  ';

/** Title row and rows as lines; cells are one safe line each. Nothing is cut: lines may be wider than the terminal. */
export function tableLines(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map(({ title }, index) =>
    Math.max(cellWidth(title), ...rows.map((row) => cellWidth(row[index] ?? ''))),
  );
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ align }, index) => {
        const cell = cells[index] ?? '';
        const padding = ' '.repeat(Math.max(0, (widths[index] ?? 0) - cellWidth(cell)));
        return align === 'right' ? padding + cell : cell + padding;
      })
      .join(GAP)
      .trimEnd();
  return [line(columns.map(({ title }) => title.toUpperCase())), ...rows.map(line)];
}

/** Sections of label and value, labels of one width. */
export function sectionLines(
  sections: readonly { readonly title: string; readonly rows: readonly (readonly [string, string])[] }[],
): string[] {
  const width = Math.max(0, ...sections.flatMap(({ rows }) => rows.map(([label]) => cellWidth(label))));
  return sections.flatMap(({ title, rows }, index) => [
    ...(index === 0 ? [] : ['']),
    title,
    ...rows.map(([label, value]) => `  ${label}${' '.repeat(width - cellWidth(label))}${GAP}${value}`),
  ]);
}
