// Makes every output of a diagnostic harmless and small enough before it leaves: names of processes, labels of
// disks and lines of logs are chosen by whoever wants to attack the technician's terminal.

import {
  type DiagnosticEnd,
  type DiagnosticFacts,
  DiagnosticOutput,
  type DiagnosticSample,
  type DiagnosticTable,
  MAX_CELL_LENGTH,
  MAX_DIAGNOSTIC_OUTPUT_BYTES,
  MAX_FACTS,
  MAX_TABLE_ROWS,
  MAX_TEXT_LENGTH,
  type TableCell,
} from '../../protocol/diagnostics.ts';
import { sanitiseLine, sanitiseText } from '../../protocol/terminal/sanitise.ts';

const NOTHING = '—'; // where a name must not be empty
const MAX_TEXT_LINES = 5_000;

export interface CleanOutput {
  readonly output: DiagnosticOutput;
  /** Rows, items or lines were left out. */
  readonly truncated: boolean;
}

/** @throws ZodError when a diagnostic made something that no limit explains: a fault of ours. */
export function cleanOutput(raw: DiagnosticOutput): CleanOutput {
  let { output, truncated } = sanitise(raw);
  while (Buffer.byteLength(JSON.stringify(output)) > MAX_DIAGNOSTIC_OUTPUT_BYTES) {
    output = halve(output);
    truncated = true;
  }
  return { output: DiagnosticOutput.parse(output), truncated };
}

/** The same for the last word of a run. */
export function cleanMessage(text: string): DiagnosticEnd['message'] {
  return name(text, 300);
}

function sanitise(raw: DiagnosticOutput): CleanOutput {
  switch (raw.kind) {
    case 'progress':
      return whole({ ...raw, text: name(raw.text, 200) });
    case 'table':
      return sanitiseTable(raw);
    case 'facts':
      return {
        output: {
          kind: 'facts',
          title: name(raw.title, 100),
          items: raw.items.slice(0, MAX_FACTS).map((item) => ({
            ...item,
            label: name(item.label, 60),
            value: short(item.value, MAX_CELL_LENGTH),
          })),
        },
        truncated: raw.items.length > MAX_FACTS,
      };
    case 'text': {
      // Half of the units that the schema allows: a code point can take two.
      const limits = { maxLength: MAX_TEXT_LENGTH / 2, maxLines: MAX_TEXT_LINES };
      const text = sanitiseText(raw.text, limits);
      return {
        output: { kind: 'text', title: name(raw.title, 100), text },
        truncated: text.endsWith('…') && !raw.text.endsWith('…'),
      };
    }
    case 'sample':
      return whole(sanitiseSample(raw));
  }
}

function sanitiseTable(raw: DiagnosticTable): CleanOutput {
  const rows = raw.rows.slice(0, MAX_TABLE_ROWS).map((row) => row.map(cell));
  const table: DiagnosticTable = {
    ...raw,
    title: name(raw.title, 100),
    columns: raw.columns.map((column) => ({ ...column, title: name(column.title, 40) })),
    rows,
  };
  return withRows(table, rows.length, raw.rows.length - rows.length);
}

function sanitiseSample(raw: DiagnosticSample): DiagnosticSample {
  return { ...raw, fileSystems: raw.fileSystems.map((system) => ({ ...system, mount: name(system.mount, 200) })) };
}

/** Drops half of what there is; an output that has nothing left to drop is a fault and fails validation. */
function halve(output: DiagnosticOutput): DiagnosticOutput {
  switch (output.kind) {
    case 'table': {
      const kept = Math.floor(output.rows.length / 2);
      return withRows(output, kept, output.rows.length - kept).output;
    }
    case 'facts':
      return { ...output, items: keepHalf(output.items) } satisfies DiagnosticFacts;
    case 'text': {
      const end = output.text.lastIndexOf('\n', output.text.length / 2);
      return { ...output, text: output.text.slice(0, end > 0 ? end : Math.floor(output.text.length / 2)) };
    }
    case 'sample':
      return { ...output, fileSystems: keepHalf(output.fileSystems), cpu: { ...output.cpu, cores: [] } };
    case 'progress':
      return { kind: 'progress', text: NOTHING };
  }
}

function withRows(table: DiagnosticTable, kept: number, dropped: number): CleanOutput {
  const omitted = (table.omitted ?? 0) + dropped;
  return {
    output: {
      ...table,
      rows: table.rows.slice(0, kept),
      ...(table.attention === undefined ? {} : { attention: table.attention.filter((row) => row < kept) }),
      ...(omitted === 0 ? {} : { omitted }),
    },
    truncated: dropped > 0, // what a diagnostic left out by itself was asked for
  };
}

const keepHalf = <Item>(items: readonly Item[]): Item[] => items.slice(0, Math.floor(items.length / 2));
const whole = (output: DiagnosticOutput): CleanOutput => ({ output, truncated: false });
// Cleaned again after trimming: a mark that stood on a leading space has lost what it stood on.
const name = (text: string, max: number): string => short(short(text, max).trim(), max).trim() || NOTHING;

function cell(value: TableCell): TableCell {
  if (typeof value === 'string') return short(value, MAX_CELL_LENGTH);
  return value === null || Number.isFinite(value) ? value : null;
}

/** At most `max` UTF-16 units, which is what the schemas count; the sanitiser counts code points. */
function short(text: string, max: number): string {
  const clean = sanitiseLine(text, max);
  return clean.length <= max ? clean : sanitiseLine(clean, Math.floor(max / 2));
}
