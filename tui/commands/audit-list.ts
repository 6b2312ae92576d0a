// `chaperone audit list | show`: the technician's own record, opened.

import { resolve } from 'node:path';
import { EVENTS, isEventType } from '../../protocol/audit/catalogue.ts';
import { type LeafHeader, openBody, readHeader } from '../../protocol/audit/envelope.ts';
import { UsageError } from '../../protocol/errors.ts';
import { technicianHome } from '../../protocol/home.ts';
import { readCheckpoint, readEntries } from '../../protocol/log/reader.ts';
import { timeInWords } from '../records/amounts.ts';
import type { BodyKeys } from '../records/body-keys.ts';
import { OwnLog } from '../records/own-log.ts';
import { type OutputOptions, print } from './output.ts';
import { sectionLines, tableLines } from './table.ts';

const LIMIT_MAX = 100_000;
const COLUMNS = [
  { title: 'Entry', align: 'right' },
  { title: 'Time' },
  { title: 'What' },
  { title: 'Details' },
] as const;

interface OpenedEntry extends LeafHeader {
  readonly meaning: string;
  /** Null when its key is gone, as after disposal. */
  readonly fields: Readonly<Record<string, unknown>> | null;
}

/** @param directory another record than one's own: what happened when, without what is sealed */
export async function listAudit(
  directory: string | undefined,
  options: OutputOptions & { readonly limit?: string },
): Promise<void> {
  const limit = wholeNumber(options.limit ?? '50', 'limit', LIMIT_MAX);
  const log = new OwnLog(technicianHome());
  const read = resolve(directory ?? log.directory);
  const own = read === resolve(log.directory);
  const checkpoint = await readCheckpoint(read);
  if (checkpoint === null && !own) {
    throw new UsageError(`there is no record at ${read}`, 'name the directory that holds the checkpoint');
  }
  const size = checkpoint?.size ?? 0;
  const entries: OpenedEntry[] = [];
  for await (const entry of readEntries(read, Math.max(0, size - limit), size)) {
    entries.push(open(entry, own ? log.keys : null));
  }
  const rows = entries.map((entry) => [String(entry.seq), timeInWords(entry.time), entry.type, detailsOf(entry)]);
  print(options, entries, rows.length === 0 ? ['Nothing has been recorded yet.'] : tableLines(COLUMNS, rows));
}

export async function showAudit(number: string, options: OutputOptions): Promise<void> {
  const log = new OwnLog(technicianHome());
  const size = (await readCheckpoint(log.directory))?.size ?? 0;
  const index = wholeNumber(number, 'number', Number.MAX_SAFE_INTEGER);
  for await (const leaf of readEntries(log.directory, index, index + 1)) {
    const entry = open(leaf, log.keys);
    print(options, entry, sectionLines([headerSection(entry), fieldsSection(entry)]));
    return;
  }
  throw new UsageError(
    `there is no entry ${index}`,
    size === 0 ? 'the record is empty' : `the last one is ${size - 1}`,
  );
}

function open(entry: Uint8Array, keys: BodyKeys | null): OpenedEntry {
  const header = readHeader(entry);
  const key = keys?.find(header.session) ?? null;
  const meaning = isEventType(header.type) ? EVENTS[header.type].meaning : header.type;
  return { ...header, meaning, fields: key === null ? null : openBody(entry, key) };
}

function detailsOf({ meaning, fields }: OpenedEntry): string {
  const { machine, reason, recording } = fields ?? {};
  return [meaning, machine, reason, recording].filter((part) => typeof part === 'string' && part !== '').join(': ');
}

type Section = Parameters<typeof sectionLines>[0][number];

function headerSection({ seq, time, type, meaning, session, actor }: OpenedEntry): Section {
  return {
    title: `Entry ${seq}`,
    rows: [
      ['Time', timeInWords(time)],
      ['Type', type],
      ['Meaning', meaning],
      ['Session', session ?? 'none'],
      ['Key', actor ?? 'this program'],
    ],
  };
}

function fieldsSection({ fields }: OpenedEntry): Section {
  const rows = Object.entries(fields ?? {}).map(
    ([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const,
  );
  return { title: fields === null ? 'Sealed: the key of this session is gone' : 'Fields', rows };
}

function wholeNumber(text: string, what: string, max: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value <= max)) {
    throw new UsageError(`${JSON.stringify(text)} is not a ${what}`, `a whole number up to ${max}`);
  }
  return value;
}
