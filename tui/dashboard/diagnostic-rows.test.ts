import { describe, expect, it } from 'vitest';
import type { DiagnosticOutput } from '../../protocol/diagnostics.ts';
import { cellWidth, unstyled } from '../../protocol/terminal/sgr.ts';
import { outputRows } from './diagnostic-rows.ts';

const disks: DiagnosticOutput = {
  kind: 'table',
  title: 'File systems',
  columns: [
    { key: 'mount', title: 'Mounted at' },
    { key: 'used', title: 'Used', unit: 'bytes' },
    { key: 'share', title: 'Full', unit: 'percent' },
  ],
  rows: [
    ['/', 5 * 1024 ** 3, 51],
    ['/a/very/long/path/to/something/that/does/not/fit/at/all', 10, 9.55],
    ['漢字', null, 100],
  ],
  attention: [2],
  omitted: 3,
};

describe('a table', () => {
  it('is aligned and has its numbers in words', () => {
    expect(outputRows(disks, 50).map((row) => unstyled(row).trimEnd())).toEqual([
      ' File systems',
      ' Mounted at                            Used   Full',
      ' /                                  5.0 GiB   51 %',
      ' /a/very/long/path/to/something/t…     10 B  9.6 %',
      '!漢字                                     –  100 %',
      ' and 3 more',
    ]);
  });

  it('fits every width', () => {
    for (const cols of [12, 30, 60, 120]) {
      for (const row of outputRows(disks, cols)) expect(cellWidth(row)).toBeLessThanOrEqual(Math.max(cols, 18));
    }
  });

  it('marks rows that deserve a look', () => {
    expect(outputRows(disks, 50)[4]).toMatch(/^\x1b\[30;43m!/);
  });

  it('says when there is nothing', () => {
    expect(
      outputRows({ ...disks, rows: [], attention: [], omitted: 0 }, 40)
        .map(unstyled)
        .join('\n'),
    ).toContain('nothing found');
  });
});

describe('facts and text', () => {
  it('stand one below the other', () => {
    const facts: DiagnosticOutput = {
      kind: 'facts',
      title: 'System',
      items: [
        { label: 'Name', value: 'front-desk-2' },
        { label: 'Running since', value: 'a long sentence that has to be wrapped somewhere' },
      ],
    };
    expect(outputRows(facts, 40).map((row) => unstyled(row).trimEnd())).toEqual([
      ' System',
      ' Name           front-desk-2',
      ' Running since  a long sentence that has',
      '                to be wrapped somewhere',
    ]);
    expect(
      outputRows({ kind: 'text', title: 'Log', text: 'one\ntwo\n' }, 40).map((row) => unstyled(row).trimEnd()),
    ).toEqual([' Log', ' one', ' two']);
  });
});
