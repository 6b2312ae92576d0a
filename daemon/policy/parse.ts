// From the text of a policy file to what it says, or to every problem in it with its line and column. Pure.

import { type Document, isMap, isNode, isPair, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';
import { explain, type Path } from './complaint.ts';
import { crossCheck } from './cross-check.ts';
import type { PolicyProblem } from './errors.ts';
import { MachinePolicyFile, OrganisationPolicyFile } from './schema.ts';
import { firstFault, strayTechnician, type YamlFault } from './yaml-fault.ts';

const PROBLEMS_MAX = 50; // more are not read, and a hostile file could make thousands
const SHOWN_MAX = 300; // characters of one message; values of the file appear in it

export type Parsed<F> =
  | { readonly file: F; readonly problems: null }
  | { readonly file: null; readonly problems: readonly PolicyProblem[] };

type Refused = Extract<Parsed<never>, { file: null }>;

/** What the machine's own policy says. */
export function parsePolicy(text: string): Parsed<MachinePolicyFile> {
  return parseAs(MachinePolicyFile, text);
}

/** What an organisation's policy says. */
export function parseOrganisationPolicy(text: string): Parsed<OrganisationPolicyFile> {
  return parseAs(OrganisationPolicyFile, text);
}

function parseAs<F>(schema: z.ZodType<F>, text: string): Parsed<F> {
  const counter = new LineCounter();
  let document: Document.Parsed;
  let value: unknown;
  try {
    document = parseDocument(text, { lineCounter: counter, prettyErrors: false, version: '1.2', stringKeys: true });
    const fault = firstFault(text, [...document.errors, ...document.warnings]);
    if (fault !== null) return refused([faultAt(counter, strayTechnician(text) ?? fault)]);
    value = document.toJS() ?? {};
  } catch (error) {
    // Nesting beyond the stack, or aliases that would unfold into gigabytes: the library throws for both.
    const message = error instanceof RangeError ? 'nested too deeply' : error instanceof Error ? error.message : '';
    return refused([problemAt(counter, 0, [], `this YAML cannot be read: ${message}`, null)]);
  }
  const parsed = schema.safeParse(value, { reportInput: true });
  const located = [...ofTheRightType(parsed.error?.issues ?? []).flatMap(explain), ...crossCheck(value)].map(
    ({ path, message, hint, atKey }) =>
      problemAt(counter, offsetOf(document, path, atKey ?? false), path, message, hint),
  );
  if (located.length > 0 || !parsed.success) {
    const stray = strayTechnician(text);
    return refused(stray === null ? located : [faultAt(counter, stray)]);
  }
  return { file: parsed.data, problems: null };
}

function refused(problems: readonly PolicyProblem[]): Refused {
  const place = ({ line, column }: PolicyProblem): number => (line ?? 0) * 100_000 + (column ?? 0);
  return { file: null, problems: problems.toSorted((a, b) => place(a) - place(b)).slice(0, PROBLEMS_MAX) };
}

/** Without what is said about the size of a value that is of the wrong kind altogether: a text has a length, too. */
function ofTheRightType(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  const wrong = new Set(issues.filter(({ code }) => code === 'invalid_type').map(({ path }) => formatPath(path)));
  return issues.filter(({ code, path }) => code === 'invalid_type' || !wrong.has(formatPath(path)));
}

function faultAt(counter: LineCounter, { offset, message, hint }: YamlFault): PolicyProblem {
  return problemAt(counter, offset, [], message, hint);
}

/** Where in the text `path` stands, or the nearest thing around it that exists. */
function offsetOf(document: Document.Parsed, path: Path, atKey: boolean): number {
  const keys = path.map((key) => (typeof key === 'number' ? key : String(key)));
  if (atKey) {
    const parent = keys.length > 1 ? document.getIn(keys.slice(0, -1), true) : document.contents;
    const pair = isMap(parent) ? parent.items.find((item) => isPair(item) && String(item.key) === keys.at(-1)) : null;
    if (isNode(pair?.key)) return pair.key.range?.[0] ?? 0;
  }
  for (let length = keys.length; length > 0; length -= 1) {
    const node = document.getIn(keys.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}

function problemAt(
  counter: LineCounter,
  offset: number,
  path: Path,
  message: string,
  hint: string | null,
): PolicyProblem {
  const { line, col } = counter.linePos(offset);
  return {
    line: Math.max(1, line),
    column: Math.max(1, col),
    path: sanitiseLine(formatPath(path), SHOWN_MAX),
    message: sanitiseLine(message, SHOWN_MAX),
    hint: hint === null ? null : sanitiseLine(hint, SHOWN_MAX),
  };
}

function formatPath(path: Path): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
}
