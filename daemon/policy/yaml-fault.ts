// What is wrong with the YAML of a policy: the first fault only, because the ones after it are its echoes.

import type { YAMLError } from 'yaml';

export interface YamlFault {
  readonly offset: number;
  readonly message: string;
  readonly hint: string | null;
}

const HINTS: Partial<Record<YAMLError['code'], string>> = {
  TAB_AS_INDENT: 'use spaces in front of keys, never tabs',
  BAD_INDENT: 'keys of one section stand in one column',
  BLOCK_AS_IMPLICIT_KEY: 'keys of one section stand in one column, and a text that holds ": " needs quotes',
  MISSING_CHAR: 'a bracket, a quote or a colon is missing here or above',
  MULTIPLE_DOCS: 'a policy is one document: take the line --- out',
  TAG_RESOLVE_FAILED: 'a policy needs no tags',
};

export function firstFault(text: string, faults: readonly YAMLError[]): YamlFault | null {
  const [first] = faults.toSorted((a, b) => a.pos[0] - b.pos[0]);
  if (first === undefined) return null;
  const [offset] = first.pos;
  if (first.code !== 'DUPLICATE_KEY') return { offset, message: first.message, hint: HINTS[first.code] ?? null };
  const key = /^[^\s:,{}[\]]*/.exec(text.slice(offset))?.[0] ?? '';
  const line = firstLineOf(key, text.slice(0, offset));
  return {
    offset,
    message: `${key} stands here a second time`,
    hint: line === null ? 'keep one of them' : `keep one of them; the first stands in line ${line}`,
  };
}

/** The line, from 1, in which `key` is written as a key for the first time. */
function firstLineOf(key: string, text: string): number | null {
  const index = text
    .split('\n')
    .findIndex((line) => line.split(/[\s{,]+(?=\S)/).some((part) => part.startsWith(`${key}:`) || part === key));
  return index < 0 ? null : index + 1;
}

const ENTRY = /^(\s*)-\s+name\s*:/;
const KEY_OF_ENTRY = /^\s+key\s*:\s*["']?(ssh-|ecdsa-|sk-)/;
const ENTRY_LINES = 8; // an entry has five keys

/**
 * Lines that list a technician, as `chaperone whoami` prints them, and that do not stand under `technicians:`. YAML makes
 * something else of them, or nothing; either way its complaints would not say what to do.
 */
export function strayTechnician(text: string): YamlFault | null {
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    const [, indent] = ENTRY.exec(line) ?? [];
    if (indent === undefined || !lines.slice(index + 1, index + ENTRY_LINES).some((next) => KEY_OF_ENTRY.test(next))) {
      continue;
    }
    const above = ownerOf(lines, index);
    if (above !== null && /^technicians\s*:\s*(#.*)?$/.test(lines[above] ?? '')) continue;
    const offset = lines.slice(0, index).join('\n').length + (index === 0 ? 0 : 1) + indent.length;
    if (above !== null && /^technicians\s*:\s*\[\s*\]/.test(lines[above] ?? '')) {
      const hint = `take the [] away in line ${above + 1}: write technicians: and nothing behind it`;
      return { offset, message: 'technicians ends with [], and a technician is listed below it', hint };
    }
    const message = 'these lines list a technician, and do not stand under "technicians:"';
    const commented = lines.slice(above ?? 0, index).findLastIndex((each) => /^\s*#+\s*technicians\s*:/.test(each));
    const hint =
      commented >= 0
        ? `take the # away in front of technicians: in line ${(above ?? 0) + commented + 1}`
        : 'write technicians: on a line of its own above them, at the very left';
    return { offset, message, hint };
  }
  return null;
}

/** The line at the very left that the one at `index` belongs to. */
function ownerOf(lines: readonly string[], index: number): number | null {
  const owner = lines.slice(0, index).findLastIndex((line) => /^[^\s#-]/.test(line));
  return owner < 0 ? null : owner;
}
