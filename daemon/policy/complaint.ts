// What the schema found, in words for the person who wrote the policy.

import type { z } from 'zod';
import { nearest } from '../../protocol/nearest-word.ts';

export type Path = readonly PropertyKey[];

/** A problem that still has to be found in the text. */
export interface Complaint {
  readonly path: Path;
  readonly message: string;
  readonly hint: string | null;
  /** Point at the key of the last path element and not at its value. */
  readonly atKey?: boolean;
}

const SECTIONS: Readonly<Record<string, readonly string[]>> = {
  '': ['machine', 'listen', 'technicians', 'organisation', 'scopes', 'consent', 'shell', 'record'],
  machine: ['name', 'hipaa'],
  technicians: ['name', 'phone', 'role', 'organisation', 'key'],
  organisation: ['name', 'ca', 'revocations'],
  consent: ['timeout', 'maxSession', 'allowPlainCode'],
  shell: ['program', 'sandbox'],
  record: ['input'],
};

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
  const section = String(path[0] ?? '');
  const known = SECTIONS[section] ?? [];
  return { path: [...path, key], message: 'this key is not known', hint: suggestion(key, known), atKey: true };
}

function suggestion(typed: string, known: readonly string[]): string {
  const word = nearest(typed, known);
  return word === undefined ? `known are: ${known.join(', ')}` : `did you mean "${word}"?`;
}
