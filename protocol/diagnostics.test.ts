// The shapes hold their bounds: what is larger or crooked does not get through.

import { describe, expect, it } from 'vitest';
import {
  DiagnosticDescriptor,
  DiagnosticEnd,
  DiagnosticInput,
  DiagnosticOutput,
  MAX_CELL_LENGTH,
  MAX_DIAGNOSTIC_OUTPUT_BYTES,
  MAX_TABLE_ROWS,
} from './diagnostics.ts';

const table = { kind: 'table', title: 'T', columns: [{ key: 'a', title: 'A' }], rows: [['x'], [1], [null]] };
const sample = {
  kind: 'sample',
  time: 0,
  cpu: { total: 0, cores: [] },
  memory: { used: 0, total: 0 },
  swap: { used: 0, total: 0 },
  disk: { readPerSecond: 0, writtenPerSecond: 0 },
  fileSystems: [],
  network: { receivedPerSecond: 0, sentPerSecond: 0 },
  load: [0, 0, 0],
};
const accepts = (output: unknown) => DiagnosticOutput.safeParse(output).success;

describe('the output of a diagnostic', () => {
  it('is one of five kinds', () => {
    expect(accepts({ kind: 'progress', text: 'half', fraction: 0.5 })).toBe(true);
    expect(accepts(table)).toBe(true);
    expect(accepts({ kind: 'facts', title: 'F', items: [{ label: 'a', value: '' }] })).toBe(true);
    expect(accepts({ kind: 'text', title: 'X', text: 'a\nb' })).toBe(true);
    expect(accepts(sample)).toBe(true);
    expect(accepts({ kind: 'picture', title: 'X' })).toBe(false);
  });

  it.each([
    ['a row that does not fill the columns', { ...table, rows: [[]] }],
    ['a row that overflows the columns', { ...table, rows: [['x', 'y']] }],
    ['a cell that is an object', { ...table, rows: [[{}]] }],
    ['a cell that is not a number', { ...table, rows: [[Number.NaN]] }],
    ['a cell that is too long', { ...table, rows: [['x'.repeat(MAX_CELL_LENGTH + 1)]] }],
    ['too many rows', { ...table, rows: Array.from({ length: MAX_TABLE_ROWS + 1 }, () => ['x']) }],
    ['attention to a row that is not there', { ...table, attention: [3] }],
    ['a fraction above one', { kind: 'progress', text: 'x', fraction: 1.1 }],
    ['a sample busier than possible', { ...sample, cpu: { total: 101, cores: [] } }],
    ['a sample with negative traffic', { ...sample, network: { receivedPerSecond: -1, sentPerSecond: 0 } }],
  ])('refuses %s', (_, output) => expect(accepts(output)).toBe(false));

  it('fits into one message, though each cell fits', () => {
    const cell = 'x'.repeat(MAX_CELL_LENGTH);
    const rows = Math.floor(MAX_DIAGNOSTIC_OUTPUT_BYTES / (MAX_CELL_LENGTH + 5));
    expect(accepts({ ...table, rows: Array.from({ length: rows - 1 }, () => [cell]) })).toBe(true);
    expect(accepts({ ...table, rows: Array.from({ length: rows + 1 }, () => [cell]) })).toBe(false);
  });
});

describe('the other shapes', () => {
  it('describe a diagnostic with typed parameters', () => {
    const descriptor = {
      id: 'reach-host',
      title: 'T',
      purpose: 'P',
      risk: 'low',
      platforms: ['linux'],
      parameters: [{ kind: 'integer', name: 'port', title: 'Port', required: false, hint: 'h', min: 1, max: 2 }],
      timeoutMs: 1000,
      streams: false,
    };
    expect(DiagnosticDescriptor.safeParse(descriptor).success).toBe(true);
    for (const id of ['Reach', '-x', 'a--b', 'a b', '../x', '']) {
      expect(DiagnosticDescriptor.safeParse({ ...descriptor, id }).success).toBe(false);
    }
  });

  it('bound what a technician sends and what ends a run', () => {
    expect(DiagnosticInput.safeParse({ host: 'a', port: 1 }).success).toBe(true);
    expect(DiagnosticInput.safeParse({ host: 'a'.repeat(1001) }).success).toBe(false);
    expect(DiagnosticInput.safeParse({ host: ['a'] }).success).toBe(false);
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`p${index}`, 1]));
    expect(DiagnosticInput.safeParse(many).success).toBe(false);
    const end = { outcome: 'done', message: 'm', truncated: false, durationMs: 1 };
    expect(DiagnosticEnd.safeParse(end).success).toBe(true);
    expect(DiagnosticEnd.safeParse({ ...end, outcome: 'maybe' }).success).toBe(false);
  });
});
