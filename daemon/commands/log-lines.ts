// The daemon's log for a person at a terminal: a time, words, and what belongs to them; one line each. Programs get JSON.

import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';

const LINE_MAX = 1000; // characters
const WARNING = 40; // pino's levels
/** What says nothing to someone who looks at this daemon. */
const LEFT_OUT: ReadonlySet<string> = new Set(['level', 'time', 'pid', 'hostname', 'name', 'msg']);

/** A line of pino's JSON as `14:05:09 no session (address 192.0.2.1, reason …)`. */
export function readableLine(json: string): string {
  const entry = Object.entries(JSON.parse(json) as object); // our own logger's
  const { time, level, msg } = Object.fromEntries(entry);
  const about = entry.filter(([key]) => !LEFT_OUT.has(key)).map(([key, value]) => `${key} ${valueInWords(value)}`);
  const sign = Number(level) >= WARNING ? '! ' : '';
  const more = about.length === 0 ? '' : ` (${about.join(', ')})`;
  return sanitiseLine(`${timeOfDay(Number(time))} ${sign}${String(msg)}${more}`, LINE_MAX);
}

function valueInWords(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return value.map(valueInWords).join(' ');
  return 'message' in value ? String(value.message) : JSON.stringify(value);
}

function timeOfDay(at: number): string {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}
