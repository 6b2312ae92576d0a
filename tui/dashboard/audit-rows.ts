// How audit events look: one row in a list, and their fields in full.

import { EVENTS, isEventType } from '../../protocol/audit/catalogue.ts';
import type { AuditEventView } from '../../protocol/control/messages.ts';
import { fitCells } from '../../protocol/terminal/sgr.ts';
import { timeInWords } from '../records/amounts.ts';
import type { Size } from '../terminal/frame.ts';
import { type Meaning, paint } from '../theme.ts';
import { wrapWords } from './wrap-words.ts';

const SIGNS: Readonly<Record<AuditEventView['severity'], readonly [sign: string, meaning: Meaning | null]>> = {
  info: [' ', null],
  notice: ['·', 'title'],
  warning: ['!', 'warning'],
  alert: ['‼', 'danger'],
};

/** `14:05:09 ! a wrong one-time code was given`, exactly `cols` cells. */
export function auditRow(event: AuditEventView, cols: number): string {
  const [sign, meaning] = SIGNS[event.severity];
  const time = timeInWords(event.time).slice(-8);
  const row = fitCells(` ${time} ${sign} ${meaningOf(event)}${gist(event)}`, cols);
  return meaning === null ? row : paint(meaning, row);
}

/** Every field of an event, wrapped; at most `rows` rows. */
export function auditDetailRows(event: AuditEventView, { cols, rows }: Size): string[] {
  const fields = Object.entries(event.fields).flatMap(([name, value]) =>
    wrapWords(`${name}: ${valueInWords(value)}`, Math.max(1, cols - 2)),
  );
  return [
    paint('title', fitCells(` ${meaningOf(event)}`, cols)),
    paint('muted', fitCells(` ${event.type}  leaf ${event.seq}  ${timeInWords(event.time)}`, cols)),
    ...fields.map((line) => fitCells(` ${line}`, cols)),
  ].slice(0, rows);
}

function meaningOf({ type }: AuditEventView): string {
  return isEventType(type) ? EVENTS[type].meaning : type;
}

/** The one field that tells events of the same type apart. */
function gist({ fields }: AuditEventView): string {
  for (const name of ['reason', 'id', 'what', 'program', 'problem', 'text', 'by']) {
    const value = fields[name];
    if (typeof value === 'string' && value !== '') return `: ${value.replaceAll('\n', ' ')}`;
  }
  return '';
}

type Json = AuditEventView['fields'][string];

function valueInWords(value: Json): string {
  if (value === null) return '–';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(valueInWords).join(', ');
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([name, part]) => `${name} ${valueInWords(part)}`)
      .join(', ');
  }
  return String(value);
}
