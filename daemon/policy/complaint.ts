// What the schema found, in words for the person who wrote the policy.

import type { z } from 'zod';
import { nearest } from '../../protocol/nearest-word.ts';
import { notYet } from './not-yet.ts';
import { knownKeys } from './schema.ts';

export type Path = readonly PropertyKey[];

/** A problem that still has to be found in the text. */
export interface Complaint {
  readonly path: Path;
  readonly message: string;
  readonly hint: string | null;
  /** Point at the key of the last path element and not at its value. */
  readonly atKey?: boolean;
}

/** What zod found, in words for the person who wrote the file. */
export function explain(issue: z.core.$ZodIssue): Complaint[] {
  const { path } = issue;
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(path, key));
    case 'invalid_type':
      if (issue.input === undefined) {
        return [{ path, message: 'this is missing', hint: null }];
      }
      return [
        {
          path,
          message: `this should be ${TYPE_WORDS[issue.expected] ?? issue.expected}`,
          hint: issue.input === null ? EMPTY_HINT : issue.expected === 'string' ? 'put quotes round the value' : null,
        },
      ];
    case 'invalid_value': {
      const known = issue.values.map(String);
      if (known.length === 1) {
        // The one value that this version can honour; the schema says why.
        return [{ path, message: issue.message, hint: `write ${known[0]}, or leave it out` }];
      }
      const typed = typeof issue.input === 'string' ? issue.input : '';
      return [{ path, message: 'this value is not known', hint: suggestion(typed, known) }];
    }
    case 'invalid_union':
      return [{ path, message: 'this should be text', hint: null }];
    case 'invalid_key':
      return [{ path, message: issue.issues[0]?.message ?? 'this name is not allowed', hint: null, atKey: true }];
    case 'custom': {
      const hint: unknown = issue.params?.hint;
      return [{ path, message: issue.message, hint: typeof hint === 'string' ? hint : null }];
    }
    default:
      return [{ path, message: issue.message, hint: null }];
  }
}

const EMPTY_HINT = 'nothing stands behind it: write a value, or leave the line out';

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a section with keys of its own',
  record: 'a section with keys of its own',
};

function unknownKey(path: Path, key: string): Complaint {
  const place = [...path, key];
  const truth = notYet(place.join('.'));
  if (truth !== null) {
    const message = 'this version cannot do what is asked for here';
    return { path: place, message, hint: `leave it out; ${truth}`, atKey: true };
  }
  const hint = suggestion(key, knownKeys(String(path[0] ?? '')));
  return { path: place, message: 'this key is not known', hint, atKey: true };
}

function suggestion(typed: string, known: readonly string[]): string {
  const word = nearest(typed, known);
  return word === undefined ? `known are: ${known.join(', ')}` : `did you mean "${word}"?`;
}
