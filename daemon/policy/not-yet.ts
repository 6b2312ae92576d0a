// What a policy can be expected to say and this version cannot honour: refused with the reason, never ignored in
// silence. Whoever protects a folder must not believe in a protection that is not there.

import { z } from 'zod';

/** Keys that are not built yet, by path in the file, and what is true instead. */
const NOT_YET: Readonly<Record<string, string>> = {
  protect: 'no program and no folder is hidden from a session',
  privacy: 'nothing is hidden in what a session shows',
  compliance: 'nothing is due by itself',
  'organisation.hub': 'technicians connect to this computer directly',
  'record.retention': 'recordings are kept until somebody deletes them',
  'record.custodians': 'recordings are plain files that only their owner can read',
};

/** What is true instead of the key at `path`, or null when it is no key that is still to come. */
export function notYet(path: string): string | null {
  return Object.hasOwn(NOT_YET, path) ? (NOT_YET[path] ?? null) : null;
}

/** A key for which this version can honour only one value; `why` it is so. */
export function only<const V extends string | boolean>(value: V, why: string) {
  return z.literal(value, why).describe(`Only ${value} can be written: ${why}`);
}
