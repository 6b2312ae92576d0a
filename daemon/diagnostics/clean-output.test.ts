// Promise 8, the machine's side: nothing that a diagnostic found can drive the technician's terminal or flood it.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DiagnosticOutput,
  type DiagnosticSample,
  MAX_CELL_LENGTH,
  MAX_DIAGNOSTIC_OUTPUT_BYTES,
  MAX_FACTS,
  MAX_TABLE_ROWS,
} from '../../protocol/diagnostics.ts';
import { cleanMessage, cleanOutput } from './clean-output.ts';

const EVIL = '\u001b]0;pwned\u0007\u001b[2J\u009b31mname\u202e\u0000\r\n\tend';
const CONTROL = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;
const sample: DiagnosticSample = {
  kind: 'sample',
  time: 0,
  cpu: { total: 0, cores: [0] },
  memory: { used: 0, total: 0 },
  swap: { used: 0, total: 0 },
  disk: { readPerSecond: 0, writtenPerSecond: 0 },
  fileSystems: [{ mount: EVIL, used: 0, total: 0 }],
  network: { receivedPerSecond: 0, sentPerSecond: 0 },
  load: [0, 0, 0],
};

/** Every string of an output with what surrounds the lines of texts removed. */
function strings(value: unknown): string[] {
  if (typeof value === 'string') return value.split('\n');
  if (value !== null && typeof value === 'object') return Object.values(value).flatMap(strings);
  return [];
}

describe('an output on its way out', () => {
  it.each<DiagnosticOutput>([
    { kind: 'progress', text: EVIL },
    { kind: 'table', title: EVIL, columns: [{ key: 'a', title: EVIL }], rows: [[EVIL], [1]] },
    { kind: 'facts', title: EVIL, items: [{ label: EVIL, value: EVIL }] },
    { kind: 'text', title: EVIL, text: `${EVIL}\nsecond` },
    sample,
  ])('has no escape sequence left in a $kind', (raw) => {
    const { output } = cleanOutput(raw);
    for (const text of strings(output)) expect(text).not.toMatch(CONTROL);
    expect(JSON.stringify(output)).toContain('name');
  });

  it('keeps the lines of a text, and nothing but names where a name is needed', () => {
    expect(cleanOutput({ kind: 'text', title: 'T', text: 'a\nb' }).output).toMatchObject({ text: 'a\nb' });
    expect(cleanOutput({ kind: 'progress', text: '\u001b[2J' }).output).toMatchObject({ text: '—' });
    expect(cleanMessage('\u0007')).toBe('—');
    expect(cleanMessage('x'.repeat(1000)).length).toBeLessThanOrEqual(300);
  });

  it('says how many rows were left out', () => {
    const rows = Array.from({ length: MAX_TABLE_ROWS + 20 }, (_, row) => [row]);
    const columns = [{ key: 'a', title: 'A' }];
    const { output, truncated } = cleanOutput({
      kind: 'table',
      title: 'T',
      columns,
      rows,
      attention: [0, 510],
      omitted: 3,
    });
    expect(truncated).toBe(true);
    expect(output).toMatchObject({ omitted: 23, attention: [0] });
    const asked = cleanOutput({ kind: 'table', title: 'T', columns, rows: [[1]], omitted: 3 });
    expect(asked).toMatchObject({ truncated: false, output: { omitted: 3 } });
  });

  it('writes a number that is none as not known', () => {
    const rows = [[Number.NaN], [Number.POSITIVE_INFINITY]];
    const { output } = cleanOutput({ kind: 'table', title: 'T', columns: [{ key: 'a', title: 'A' }], rows });
    expect(output).toMatchObject({ rows: [[null], [null]] });
  });

  it('fits into one message, however large and wide it was', () => {
    const wide = '漢'.repeat(MAX_CELL_LENGTH * 3);
    const columns = Array.from({ length: 8 }, (_, index) => ({ key: `c${index}`, title: 'C' }));
    for (const raw of [
      { kind: 'table', title: 'T', columns, rows: Array.from({ length: 600 }, () => columns.map(() => wide)) },
      { kind: 'facts', title: 'T', items: Array.from({ length: MAX_FACTS }, () => ({ label: wide, value: wide })) },
      { kind: 'text', title: 'T', text: `${wide}\n`.repeat(500) },
      { kind: 'text', title: 'T', text: '\\"'.repeat(200_000) },
    ] satisfies DiagnosticOutput[]) {
      const { output, truncated } = cleanOutput(raw);
      expect(truncated).toBe(true);
      expect(Buffer.byteLength(JSON.stringify(output))).toBeLessThanOrEqual(MAX_DIAGNOSTIC_OUTPUT_BYTES);
      expect(JSON.stringify(output).length).toBeGreaterThan(10_000);
    }
  });

  it('is valid whatever text was in it', () => {
    const text = fc.string({ unit: 'binary', maxLength: 2000 });
    fc.assert(
      fc.property(text, text, text, (title, label, value) => {
        for (const raw of [
          { kind: 'table', title, columns: [{ key: 'a', title: label }], rows: [[value]] },
          { kind: 'facts', title, items: [{ label, value }] },
          { kind: 'text', title, text: value },
        ] satisfies DiagnosticOutput[]) {
          const { output } = cleanOutput(raw);
          expect(DiagnosticOutput.parse(output)).toEqual(output);
          expect(cleanOutput(output)).toEqual({ output, truncated: false });
        }
      }),
      { numRuns: 200 },
    );
  });
});
