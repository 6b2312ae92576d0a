import { describe, expect, it } from 'vitest';
import { cellWidth, unstyled } from '../../protocol/terminal/sgr.ts';
import { barChart } from './bar-chart.ts';
import { lineChart, scale } from './line-chart.ts';

const EVENTS = ['uncaughtException', 'SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGCONT', 'SIGWINCH', 'exit'] as const;
const listeners = () => EVENTS.map((event) => `${event} ${process.listenerCount(event)}`);

const wave = Array.from({ length: 60 }, (_, index) => 50 + 40 * Math.sin(index / 6));
const cpu = { series: [{ name: 'CPU', values: wave }], max: 100, span: 60 };

describe('a chart never owns the terminal or the process', () => {
  it('leaves no handler behind', () => {
    const before = listeners();
    lineChart(cpu, { cols: 60, rows: 8 });
    barChart({ bars: [{ name: '/', value: 50 }], max: 100 }, { cols: 60, rows: 8 });
    expect(listeners()).toEqual(before);
  });

  it('gives rows of text and colours only, none too wide', () => {
    for (const [cols, rows] of [
      [60, 8],
      [28, 6],
      [118, 20],
    ] as const) {
      const drawn = lineChart(cpu, { cols, rows });
      expect(drawn).toHaveLength(rows);
      for (const row of drawn) {
        expect(unstyled(row)).not.toMatch(/[\x00-\x1f]/);
        expect(cellWidth(row)).toBeLessThanOrEqual(cols);
      }
    }
  });
});

describe('a line chart', () => {
  it('has a scale and a line, in colour and without', () => {
    const plain = lineChart(cpu, { cols: 60, rows: 8 }).map(unstyled).join('\n');
    expect(plain).toMatch(/^ *75/m);
    expect(plain).toMatch(/[\u2801-\u28ff]{5}/);
    expect(plain).not.toContain('null');
    expect(lineChart(cpu, { cols: 60, rows: 8 }).join('')).not.toMatch(/\x1b\[3[2367]m/); // pale on white
    expect(lineChart(cpu, { cols: 60, rows: 8 }).join('')).toContain('\x1b[35m');
  });

  it('draws high values high', () => {
    const at = (value: number) => {
      const rows = lineChart(
        { series: [{ name: '', values: Array(30).fill(value) }], max: 100, span: 30 },
        { cols: 60, rows: 10 },
      );
      return rows.findIndex((row) => row.includes('\x1b[35m'));
    };
    expect(at(95)).toBeLessThan(at(50));
    expect(at(50)).toBeLessThan(at(5));
  });

  it.each([4, 7, 8, 10, 20])('shows what is at the top of the scale, on %i rows too', (rows) => {
    const full = { series: [{ name: '', values: Array(30).fill(100) }], max: 100, span: 30 };
    expect(lineChart(full, { cols: 60, rows })[0]).toContain('\x1b[35m');
  });

  it('draws two series in two colours, and survives one value or none of interest', () => {
    const two = {
      series: [
        { name: 'in', values: wave },
        { name: 'out', values: wave.map((value) => 100 - value) },
      ],
      span: 60,
    };
    expect(lineChart(two, { cols: 60, rows: 8 }).join('')).toMatch(/\x1b\[35m.*\x1b\[39m|\x1b\[39m.*\x1b\[35m/);
    expect(lineChart({ series: [{ name: '', values: [0] }], span: 60 }, { cols: 40, rows: 6 })).toHaveLength(6);
    expect(lineChart(cpu, { cols: 5, rows: 2 })).toEqual(['', '']);
  });

  it('rounds its scale up', () =>
    expect([0, 3, 0.07, 180, 1000, 1001].map(scale)).toEqual([1, 5, 0.1, 200, 1000, 2000]));
});

describe('a bar chart', () => {
  const disks = {
    bars: [
      { name: '/', value: 80 },
      { name: '/home', value: 20 },
    ],
    max: 100,
  };

  it('shows bars without colours too', () => {
    const rows = barChart(disks, { cols: 40, rows: 8 }).map(unstyled);
    const heights = ['left', 'right'].map(
      (side) => rows.filter((row) => /█/.test(side === 'left' ? row.slice(0, 12) : row.slice(12))).length,
    );
    expect(heights[0]).toBeGreaterThan(heights[1] ?? 0);
    expect(rows.join('\n')).toContain('/home');
  });

  it('leaves out what does not fit', () => {
    expect(barChart(disks, { cols: 14, rows: 8 }).map(unstyled).join('\n')).not.toContain('/home');
  });
});
