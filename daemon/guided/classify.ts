// How risky a proposed command is, and what it would touch, in words. It helps a person decide; it decides nothing.

import type { ParsedCommand } from './parse-command.ts';
import { RISK_TABLE, type Risk, type RiskRow } from './risk-table.ts';

const PROGRAM_FOLDERS = /^(\/usr\/local\/sbin|\/usr\/local\/bin|\/usr\/sbin|\/usr\/bin|\/sbin|\/bin)\/([^/]+)$/;
const GRAVITY: readonly Risk[] = ['reads', 'unknown', 'changes', 'dangerous'];
const TOUCHED_MAX = 12; // sentences that anyone reads
const SHOWN_MAX = 120; // characters of one path

export interface Verdict {
  readonly risk: Risk;
  /** One sentence each. */
  readonly touches: readonly string[];
  /** The row of a program that is known; null for a shell line. */
  readonly row: RiskRow | null;
}

export function classify({ how, argv, shown }: ParsedCommand): Verdict {
  const words = how === 'program' ? argv.slice(1) : shown.split(/[\s;|&<>()"'`$]+/);
  const row = how === 'program' ? rowOf(argv[0] ?? '') : null;
  const touches: string[] = [];
  if (how === 'shell') {
    touches.push('It is a line for a shell: it can run several programs and change files.');
  } else if (row === null) {
    touches.push(`Chaperone does not know what ${clip(argv[0] ?? '')} does.`);
  }
  if (row?.network === true) {
    touches.push('It speaks to other computers.');
  }
  const paths = words.filter((word) => /^(\/|~|\.\.?(\/|$))|[^=]\//.test(word));
  for (const path of [...new Set(paths)].slice(0, TOUCHED_MAX)) {
    touches.push(`It touches ${clip(path)}.`);
  }
  if (paths.length > TOUCHED_MAX) {
    touches.push('It touches more than is listed here.');
  }
  if (/[^\x20-\x7e]/.test(shown)) {
    touches.push('It holds unusual letters, which may look like other ones.');
  }
  return { risk: riskOf(how, row, words, shown), touches, row };
}

function riskOf(how: ParsedCommand['how'], row: RiskRow | null, words: readonly string[], shown: string): Risk {
  if (how === 'shell') {
    // Several programs: as bad as the worst that is named, and never harmless.
    return worst(['changes', ...words.map((word) => rowOf(word)?.risk ?? 'changes')]);
  }
  if (row === null) {
    return 'unknown';
  }
  const risks: Risk[] = [row.risk];
  for (const { words: known, risk } of row.more ?? []) {
    const patterns = known.split(' ');
    if (words.some((word) => patterns.some((pattern) => matches(pattern, word)))) {
      risks.push(risk);
    }
  }
  const operands = words.filter((word) => !word.startsWith('-'));
  if (row.bare === true && operands.some((word) => !word.startsWith('+'))) {
    risks.push('changes');
  }
  const [verb, next] = operands;
  if (row.only !== undefined && verb !== undefined) {
    const before = words.slice(0, words.indexOf(verb));
    const known = before.every((option) => row.before?.split(' ').includes(option) === true);
    if (!known || !row.only.split(' ').includes(verb)) risks.push('unknown');
  }
  if (row.second !== undefined && next !== undefined && !row.second.split(' ').includes(next)) {
    risks.push('dangerous');
  }
  if (/[^\x20-\x7e]/.test(shown) || words.some(isDevice)) {
    risks.push('unknown');
  }
  return worst(risks);
}

/** Whether a path leads through a folder `dev`: to open a watchdog there is to start it, to read a tape is to move it. */
function isDevice(word: string): boolean {
  return word.includes('/') && word.split(/[/=]/).includes('dev');
}

function worst(risks: readonly Risk[]): Risk {
  return GRAVITY[Math.max(...risks.map((risk) => GRAVITY.indexOf(risk)))] ?? 'dangerous';
}

/** A bundle of short options such as `-la` counts as each of them, and `--rot` as the long ones that it begins. */
function matches(pattern: string, word: string): boolean {
  const [name = ''] = word.split('=', 1);
  if (name.startsWith('--') && name.length > 2 && pattern.startsWith(name)) {
    return true;
  }
  if (pattern.endsWith('*')) {
    const start = pattern.slice(0, -1);
    return word.startsWith(start) || (/^-[a-z]$/i.test(start) && inBundle(start, word));
  }
  return word === pattern || word.startsWith(`${pattern}=`) || (/^-[a-z]$/i.test(pattern) && inBundle(pattern, word));
}

function inBundle(option: string, word: string): boolean {
  return /^-[a-z0-9.,:]+$/i.test(word) && word.slice(1).includes(option.slice(1));
}

/** By its bare name, or by its full name in a folder of the system: `/tmp/ls` is not `ls`. */
function rowOf(program: string): RiskRow | null {
  const name = program.includes('/') ? PROGRAM_FOLDERS.exec(program)?.[2] : program;
  const base = name?.startsWith('mkfs.') ? 'mkfs' : name;
  return RISK_TABLE.find(({ programs }) => programs.split(' ').includes(base ?? '')) ?? null;
}

function clip(text: string): string {
  return text.length <= SHOWN_MAX ? text : `${text.slice(0, SHOWN_MAX)}…`;
}
