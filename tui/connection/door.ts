// The door: whatever a machine says passes here first, so that nothing of it can act on the technician's terminal
// (promise 8). Strings are cleaned before schemas look at them; only signed notes stay as they were signed.

import type { z } from 'zod';
import { sanitiseLine, sanitiseText } from '../../protocol/terminal/sanitise.ts';
import { ProtocolBroken } from './errors.ts';

const DEPTH_MAX = 24; // of nested JSON; our deepest message needs nine
const LINE_MAX = 4000; // code points; schemas set the real limits, this one only keeps work bounded
const TEXT_MAX = { maxLength: 200_000, maxLines: 5000 } as const; // a diagnostic's text may fill a control line

/** Fields that hold signed notes and keys: verified byte for byte, and never printed as they are. */
const EXACT = new Set(['note', 'grantNote', 'machineKey', 'checkpoint']);
/** Fields that may hold several lines. */
const MULTILINE = new Set(['text']);

/** A copy of `value` (as JSON gave it) whose every string and key is safe to print. */
export function cleanJson(value: unknown, key = '', depth = 0): unknown {
  if (depth > DEPTH_MAX) {
    throw new ProtocolBroken('the machine sent a message that is nested too deeply');
  }
  if (typeof value === 'string') {
    if (EXACT.has(key)) {
      return value;
    }
    return MULTILINE.has(key) ? sanitiseText(value, TEXT_MAX) : sanitiseLine(value, LINE_MAX);
  }
  if (Array.isArray(value)) {
    return value.map((item) => cleanJson(item, key, depth + 1));
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([name, item]) => [
      sanitiseLine(name, LINE_MAX),
      cleanJson(item, name, depth + 1),
    ]);
    return Object.fromEntries(entries);
  }
  return value;
}

/** `text` as clean JSON of the given shape. @throws ProtocolBroken that names `what` */
export function parseAtTheDoor<T>(schema: z.ZodType<T>, text: string, what: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ProtocolBroken(`the machine sent ${what} that is not JSON`, cause);
  }
  return fitAtTheDoor(schema, cleanJson(value), what);
}

/** The same for a value that is clean already. */
export function fitAtTheDoor<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    throw new ProtocolBroken(`the machine sent ${what} of an unknown shape`, parsed.error);
  }
  return parsed.data;
}
