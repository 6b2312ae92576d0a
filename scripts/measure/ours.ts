// Figures that OpenSSH does not have: what the recorder costs, and how fast a session is cut off under a flood.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startBare } from './bare.ts';
import { writeLogText } from './log-text.ts';
import { MeasuredShell } from './measured-shell.ts';
import { median, percentile, type Row } from './statistics.ts';
import type { Target } from './target.ts';

const MB = 1e6;
const FLOOD_MS = 500; // long enough to fill every buffer on the way

/** Wall time of a `cat` through ssh2 and a pty, with the recorder as a multiple of without; everything else is off. */
export async function recordingCost(targets: readonly Target[], rounds: number, bytes: number): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'chaperone-logs-'));
  await using off = await startBare({ record: false });
  await using on = await startBare({ record: true });
  try {
    const rows: Row[] = [];
    for (const kind of ['plain', 'coloured'] as const) {
      const file = join(folder, kind);
      writeLogText(file, bytes, kind === 'coloured');
      const times: { off: number[]; on: number[] } = { off: [], on: [] };
      for (let round = 0; round < rounds; round++) {
        for (const [name, server] of [['off', off] as const, ['on', on] as const]) {
          await using connection = await server.connect();
          const shell = await MeasuredShell.open(connection.client);
          await shell.becomePlain();
          times[name].push((await shell.run(`cat ${file}`)).durationMs);
        }
      }
      const cost = median(times.on) / median(times.off);
      rows.push({
        label: `recording ${kind} text on : off`,
        unit: '×',
        values: targets.map(({ endAll }) => (endAll === undefined ? undefined : cost)),
        aim: { value: 'at most', of: 1.35 },
      });
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** From the person's `end` to the last byte at the technician's side while `yes` runs, and the bytes in between. */
export async function cutOff(targets: readonly Target[], rounds: number): Promise<Row[]> {
  const times: (number[] | undefined)[] = [];
  const late: (number[] | undefined)[] = [];
  for (const target of targets) {
    const { endAll } = target;
    if (endAll === undefined) {
      times.push(undefined);
      late.push(undefined);
      continue;
    }
    const delays: number[] = [];
    const volumes: number[] = [];
    for (let round = 0; round < rounds; round++) {
      await using connection = await target.connect();
      const shell = await MeasuredShell.open(connection.client);
      await shell.becomePlain();
      const flood = shell.flood('yes');
      await pause(FLOOD_MS);
      const asked = performance.now();
      const before = flood.bytes;
      await endAll();
      await flood.closed;
      delays.push(Math.max(0, flood.lastByteAt - asked));
      volumes.push((flood.bytes - before) / MB);
    }
    times.push(delays);
    late.push(volumes);
  }
  const over = (samples: (number[] | undefined)[], percent: number) =>
    samples.map((each) => (each === undefined ? undefined : percentile(each, percent)));
  return [
    { label: 'end to last byte under flood, p50', unit: 'ms', values: over(times, 50) },
    { label: 'end to last byte under flood, worst', unit: 'ms', values: over(times, 100) },
    { label: 'bytes on their way at the end, p50', unit: 'MB', values: over(late, 50) },
  ];
}
