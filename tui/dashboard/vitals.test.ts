import { describe, expect, it } from 'vitest';
import type { DiagnosticSample } from '../../protocol/diagnostics.ts';
import { cellWidth, unstyled } from '../../protocol/terminal/sgr.ts';
import { HISTORY, remember, vitalsCharts } from './vitals.ts';
import { pageFor, pageRows } from './vitals-grid.ts';

const sample = (second: number): DiagnosticSample => ({
  kind: 'sample',
  time: 1_000_000 + second * 1000,
  cpu: { total: 20 + (second % 60), cores: [10, 30] },
  memory: { used: 4 * 1024 ** 3, total: 16 * 1024 ** 3 },
  swap: { used: 0, total: 0 },
  disk: { readPerSecond: 5e6, writtenPerSecond: 1e6 },
  fileSystems: [
    { mount: '/', used: 81, total: 100 },
    { mount: '/home', used: 20, total: 100 },
  ],
  network: { receivedPerSecond: 2e6, sentPerSecond: 1000 },
  load: [0.5, 0.25, 0.1],
});

const history = (length: number) =>
  Array.from({ length }, (_, second) => sample(second)).reduce<readonly DiagnosticSample[]>(remember, []);

describe('vitals', () => {
  it('are said in words beside every chart', () => {
    expect(vitalsCharts(history(30)).map(({ title, summary }) => `${title}: ${summary}`)).toEqual([
      'Processor: 49 % busy (20–49 % in 30 s), 2 cores, load 0.50 0.25 0.10',
      'Memory: 4.0 GiB of 16 GiB, 25 %, no swap',
      'Network: in 1.9 MiB/s, out 1000 B/s',
      'Disks: read 4.8 MiB/s, written 977 KiB/s',
      'File systems: fullest: / 81 %',
    ]);
    expect(vitalsCharts([])).toEqual([]);
  });

  it('remember two minutes and no more', () => expect(history(500)).toHaveLength(HISTORY));

  it('fill every size without getting too wide, and every chart can be reached', () => {
    for (const [cols, rows] of [
      [60, 11],
      [80, 20],
      [120, 36],
      [40, 6],
    ] as const) {
      const charts = vitalsCharts(history(60));
      const seen = new Set<string>();
      for (let first = 0; first < charts.length; first += 1) {
        const page = pageRows(charts, first, { cols, rows });
        expect(page.length).toBeLessThanOrEqual(rows);
        for (const row of page) expect(cellWidth(row)).toBeLessThanOrEqual(cols);
        for (const { title } of charts) if (page.map(unstyled).join('\n').includes(` ${title}  `)) seen.add(title);
      }
      expect(seen.size).toBe(charts.length);
    }
    expect(pageFor({ cols: 60, rows: 11 }, 5).capacity).toBe(1);
    expect(pageFor({ cols: 120, rows: 36 }, 5).capacity).toBeGreaterThanOrEqual(5);
  });
});
