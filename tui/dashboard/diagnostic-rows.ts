// How the output of a diagnostic looks: tables, facts and text as rows that fit. For the dashboard and for plain
// commands.

import type { DiagnosticOutput, DiagnosticTable, TableCell, TableColumn } from '../../protocol/diagnostics.ts';
import { cellWidth, fitCells } from '../../protocol/terminal/sgr.ts';
import { bytesInWords, durationInWords } from '../records/amounts.ts';
import { paint } from '../theme.ts';
import { wrapWords } from './wrap-words.ts';

const GAP = 2; // cells between columns
const NARROWEST = 4; // cells; a column is not squeezed further

/** Rows of at most `cols` cells. Progress and samples are no part of a result and give none. */
export function outputRows(output: DiagnosticOutput, cols: number): string[] {
  switch (output.kind) {
    case 'table':
      return [heading(output.title, cols), ...tableRows(output, cols)];
    case 'facts': {
      const width = Math.min(Math.floor(cols / 2), Math.max(0, ...output.items.map(({ label }) => cellWidth(label))));
      const rows = output.items.flatMap(({ label, value, attention }) =>
        wrapWords(value, Math.max(1, cols - width - GAP - 1)).map((line, index) => {
          const row = ` ${fitCells(index === 0 ? label : '', width)}${' '.repeat(GAP)}${line}`;
          return attention === true ? worthALook(row) : row;
        }),
      );
      return [heading(output.title, cols), ...rows];
    }
    case 'text':
      return [
        heading(output.title, cols),
        ...output.text
          .replace(/\n$/, '')
          .split('\n')
          .map((line) => fitCells(` ${line}`, cols)),
      ];
    default:
      return [];
  }
}

/** Marked by a sign in its first cell, which is blank, and by colour where there is one. */
function worthALook(row: string): string {
  return paint('warning', `!${row.slice(1)}`);
}

function heading(title: string, cols: number): string {
  return paint('title', fitCells(` ${title}`, cols));
}

function tableRows({ columns, rows, attention = [], omitted = 0 }: DiagnosticTable, cols: number): string[] {
  const texts = rows.map((row) => row.map((cell, index) => cellInWords(cell, columns[index])));
  const widths = columnWidths(columns, texts, cols - 1);
  const line = (parts: readonly string[]) =>
    ` ${parts.map((part, index) => aligned(part, widths[index] ?? 0, columns[index])).join(' '.repeat(GAP))}`;
  return [
    paint('muted', line(columns.map(({ title }) => title))),
    ...texts.map((row, index) => (attention.includes(index) ? worthALook(line(row)) : line(row))),
    ...(rows.length === 0 ? [paint('muted', fitCells(' nothing found', cols))] : []),
    ...(omitted > 0 ? [paint('muted', fitCells(` and ${omitted} more`, cols))] : []),
  ];
}

/** As wide as their content; when that is too much, the widest are squeezed first. */
function columnWidths(columns: readonly TableColumn[], rows: readonly (readonly string[])[], cols: number): number[] {
  const widths = columns.map(({ title }, index) =>
    Math.max(cellWidth(title), ...rows.map((row) => cellWidth(row[index] ?? ''))),
  );
  let over = widths.reduce((sum, width) => sum + width, 0) + GAP * (columns.length - 1) - cols;
  while (over > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    const width = widths[widest] ?? 0;
    if (width <= NARROWEST) break;
    const next = Math.max(NARROWEST, ...widths.filter((other) => other < width));
    const less = Math.max(1, Math.min(over, width - next));
    widths[widest] = width - less;
    over -= less;
  }
  return widths;
}

function aligned(text: string, width: number, column: TableColumn | undefined): string {
  const right = column?.align === 'right' || (column?.align === undefined && column?.unit !== undefined);
  const missing = width - cellWidth(text);
  return right && missing > 0 ? ' '.repeat(missing) + text : fitCells(text, width);
}

function cellInWords(cell: TableCell, column: TableColumn | undefined): string {
  if (cell === null) return '–';
  if (typeof cell === 'string') return cell;
  switch (column?.unit) {
    case 'bytes':
      return bytesInWords(cell);
    case 'bytes/s':
      return `${bytesInWords(cell)}/s`;
    case 'percent':
      return `${cell.toFixed(cell < 10 ? 1 : 0)} %`;
    case 'ms':
      return `${cell < 10 ? cell.toFixed(1) : Math.round(cell)} ms`;
    case 'seconds':
      return durationInWords(cell * 1000);
    default:
      return String(cell);
  }
}
