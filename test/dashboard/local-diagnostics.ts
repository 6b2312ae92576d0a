// A few diagnostics with every kind of output, for the screens that show them.

import { setTimeout as sleep } from 'node:timers/promises';
import type { DiagnosticDescriptor, DiagnosticEnd } from '../../protocol/diagnostics.ts';
import type { RunOptions } from '../../tui/dashboard/ports.ts';

const base = { risk: 'none', platforms: ['linux'], parameters: [], timeoutMs: 60_000, streams: false } as const;

export const DIAGNOSTICS: readonly DiagnosticDescriptor[] = [
  {
    ...base,
    id: 'disks',
    title: 'Disks',
    purpose: 'Shows how full each disk is, because a full disk makes programs fail in odd ways.',
    platforms: ['linux'],
    parameters: [],
  },
  {
    ...base,
    id: 'reach',
    title: 'Reach a host',
    purpose: 'Checks whether another computer answers.',
    risk: 'low',
    platforms: ['linux'],
    parameters: [
      {
        kind: 'hostname',
        name: 'host',
        title: 'Host',
        required: true,
        hint: 'a name like printer.example, or an address',
      },
      {
        kind: 'integer',
        name: 'count',
        title: 'How often',
        required: false,
        hint: 'from 1 to 10',
        min: 1,
        max: 10,
        default: 3,
      },
    ],
  },
  {
    ...base,
    id: 'slow',
    title: 'A slow check',
    purpose: 'Takes until it is cancelled.',
    platforms: ['linux'],
    parameters: [],
  },
  {
    ...base,
    id: 'vitals',
    title: 'Vitals',
    purpose: 'Looks at the machine every second.',
    platforms: ['linux'],
    parameters: [],
    streams: true,
  },
];

const done = (message: string): DiagnosticEnd => ({ outcome: 'done', message, truncated: false, durationMs: 12 });
const cancelled: DiagnosticEnd = {
  outcome: 'cancelled',
  message: 'You cancelled it.',
  truncated: false,
  durationMs: 12,
};

export async function runLocalDiagnostic(
  id: string,
  parameters: Readonly<Record<string, string | number>>,
  { onOutput, signal }: RunOptions,
): Promise<DiagnosticEnd> {
  switch (id) {
    case 'disks':
      onOutput({
        kind: 'table',
        title: 'File systems',
        columns: [
          { key: 'mount', title: 'Mounted at' },
          { key: 'size', title: 'Size', unit: 'bytes' },
          { key: 'used', title: 'Used', unit: 'bytes' },
          { key: 'full', title: 'Full', unit: 'percent' },
        ],
        rows: [
          ['/', 50e9, 12e9, 24],
          ['/home', 400e9, 390e9, 97.5],
          ['/mnt/漢字', 10e9, null, 0],
        ],
        attention: [1],
      });
      return done('One of three file systems is nearly full.');
    case 'reach':
      onOutput({
        kind: 'facts',
        title: String(parameters.host),
        items: [{ label: 'Answers', value: `${parameters.count} of ${parameters.count}` }],
      });
      return done('It answers.');
    case 'slow':
      onOutput({ kind: 'progress', text: 'looking', fraction: 0.4 });
      await untilAborted(signal);
      return cancelled;
    default:
      return vitals(onOutput, signal);
  }
}

async function vitals(onOutput: RunOptions['onOutput'], signal: AbortSignal): Promise<DiagnosticEnd> {
  for (let second = 0; !signal.aborted; second += 1) {
    onOutput({
      kind: 'sample',
      time: Date.now(),
      cpu: { total: 50 + 40 * Math.sin(second / 5), cores: [40, 60] },
      memory: { used: 6e9 + 1e9 * Math.sin(second / 9), total: 16e9 },
      swap: { used: 1e8, total: 2e9 },
      disk: { readPerSecond: 4e6 * Math.abs(Math.sin(second / 4)), writtenPerSecond: 1e6 },
      fileSystems: [
        { mount: '/', used: 24, total: 100 },
        { mount: '/home', used: 97, total: 100 },
      ],
      network: { receivedPerSecond: 2e6 * Math.abs(Math.cos(second / 3)), sentPerSecond: 9e4 },
      load: [0.42, 0.31, 0.2],
    });
    await sleep(200, undefined, { signal }).catch(() => {});
  }
  return cancelled;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
