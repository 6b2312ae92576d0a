// What the samples of a machine say: charts, and each in one line of words.

import type { DiagnosticSample } from '../../protocol/diagnostics.ts';
import { barChart } from '../charts/bar-chart.ts';
import { lineChart, type Series, scale } from '../charts/line-chart.ts';
import type { ChartSize } from '../charts/offscreen.ts';
import { bytesInWords } from '../records/amounts.ts';

export const HISTORY = 120; // samples: two minutes at one a second

export interface VitalsChart {
  readonly title: string;
  /** The same in words, for those who do not see the chart; it stands above it. */
  readonly summary: string;
  readonly draw: (size: ChartSize) => string[];
}

/** The history with one more sample, bounded. */
export function remember(history: readonly DiagnosticSample[], sample: DiagnosticSample): readonly DiagnosticSample[] {
  return [...history.slice(-(HISTORY - 1)), sample];
}

/** Empty without samples. */
export function vitalsCharts(history: readonly DiagnosticSample[]): VitalsChart[] {
  const last = history.at(-1);
  if (last === undefined) return [];
  return [cpu(history, last), memory(history, last), network(history, last), disk(history, last), fileSystems(last)];
}

function cpu(history: readonly DiagnosticSample[], last: DiagnosticSample): VitalsChart {
  const values = history.map((sample) => sample.cpu.total);
  const load = last.load.map((value) => value.toFixed(2)).join(' ');
  return {
    title: 'Processor',
    summary: `${percent(last.cpu.total)} busy (${range(values)}), ${last.cpu.cores.length} cores, load ${load}`,
    draw: percentages([{ name: 'busy', values }]),
  };
}

function memory(history: readonly DiagnosticSample[], last: DiagnosticSample): VitalsChart {
  const used = history.map((sample) => share(sample.memory));
  const swap = history.map((sample) => share(sample.swap));
  const swapWords = last.swap.total === 0 ? 'no swap' : `swap ${percent(share(last.swap))}`;
  return {
    title: 'Memory',
    summary: `${bytesInWords(last.memory.used)} of ${bytesInWords(last.memory.total)}, ${percent(share(last.memory))}, ${swapWords}`,
    draw: percentages([
      { name: 'memory', values: used },
      ...(last.swap.total === 0 ? [] : [{ name: 'swap', values: swap }]),
    ]),
  };
}

function network(history: readonly DiagnosticSample[], { network: last }: DiagnosticSample): VitalsChart {
  return {
    title: 'Network',
    summary: `in ${bytesInWords(last.receivedPerSecond)}/s, out ${bytesInWords(last.sentPerSecond)}/s`,
    draw: rates([
      { name: 'in', values: history.map((sample) => sample.network.receivedPerSecond) },
      { name: 'out', values: history.map((sample) => sample.network.sentPerSecond) },
    ]),
  };
}

function disk(history: readonly DiagnosticSample[], { disk: last }: DiagnosticSample): VitalsChart {
  return {
    title: 'Disks',
    summary: `read ${bytesInWords(last.readPerSecond)}/s, written ${bytesInWords(last.writtenPerSecond)}/s`,
    draw: rates([
      { name: 'read', values: history.map((sample) => sample.disk.readPerSecond) },
      { name: 'written', values: history.map((sample) => sample.disk.writtenPerSecond) },
    ]),
  };
}

function fileSystems({ fileSystems: all }: DiagnosticSample): VitalsChart {
  const bars = all.map(({ mount, ...space }) => ({ name: mount, value: share(space) }));
  const fullest = bars.toSorted((one, other) => other.value - one.value)[0];
  return {
    title: 'File systems',
    summary: fullest === undefined ? 'none' : `fullest: ${fullest.name} ${percent(fullest.value)}`,
    draw: (size) => barChart({ bars, max: 100 }, size),
  };
}

function percentages(series: readonly Series[]): VitalsChart['draw'] {
  return (size) => lineChart({ series, max: 100, span: HISTORY }, size);
}

/** The scale is in the unit that gives small numbers: the widget has room for four digits. */
function rates(series: readonly Series[]): VitalsChart['draw'] {
  const largest = Math.max(1, ...series.flatMap(({ values }) => values));
  const unit = 1024 ** Math.min(4, Math.floor(Math.log(largest) / Math.log(1024)));
  const scaled = series.map(({ name, values }) => ({ name, values: values.map((value) => value / unit) }));
  return (size) => lineChart({ series: scaled, max: scale(largest / unit), span: HISTORY }, size);
}

function share({ used, total }: { readonly used: number; readonly total: number }): number {
  return total === 0 ? 0 : Math.min(100, (100 * used) / total);
}

function percent(value: number): string {
  return `${Math.round(value)} %`;
}

function range(values: readonly number[]): string {
  return `${Math.round(Math.min(...values))}–${Math.round(Math.max(...values))} % in ${values.length} s`;
}
