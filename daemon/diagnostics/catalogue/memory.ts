// Is there enough memory, and who has it.

import { bytes, percentOf } from '../amounts.ts';
import { type Diagnostic, DiagnosticUnavailable } from '../diagnostic.ts';
import { parseMemory } from '../linux/kernel-tables.ts';
import { inBatches, listProcesses, programOf, readDetails } from '../linux/processes.ts';
import type { Probe } from '../probe.ts';

const LOW_PERCENT = 10; // of memory still available
const HEAVY_PERCENT = 5; // of the last minute that programs stood still for want of memory
const SHOWN = 10;

export const memory: Diagnostic = {
  descriptor: {
    id: 'memory',
    title: 'Memory',
    purpose: 'Shows how much memory is in use and which programs use the most. Says nothing about what is in it.',
    risk: 'none',
    platforms: ['linux'],
    parameters: [],
    timeoutMs: 15_000,
    streams: false,
  },
  async run({ probe, emit }) {
    const meminfo = await probe.readText('/proc/meminfo');
    if (meminfo === undefined) throw new DiagnosticUnavailable('memory cannot be measured: /proc is not readable');
    const now = parseMemory(meminfo);
    const used = now.total - now.available;
    const low = percentOf(now.available, now.total) < LOW_PERCENT;
    const swapUsed = now.swapTotal - now.swapFree;
    const waiting = await pressure(probe);
    const killed = Number(/^oom_kill (\d+)/m.exec((await probe.readText('/proc/vmstat')) ?? '')?.[1] ?? 0);
    await emit({
      kind: 'facts',
      title: 'Memory',
      items: [
        { label: 'Installed', value: bytes(now.total) },
        { label: 'In use', value: `${bytes(used)} (${percentOf(used, now.total)} %)` },
        { label: 'Available', value: bytes(now.available), ...(low ? { attention: true } : {}) },
        { label: 'Files kept for speed', value: `${bytes(Math.max(0, now.cache))}, given back when needed` },
        { label: 'Swap', value: now.swapTotal === 0 ? 'none' : `${bytes(swapUsed)} of ${bytes(now.swapTotal)} in use` },
        {
          label: 'Waiting for memory',
          value: waiting === undefined ? 'not measured by this system' : `${waiting} % of the last minute`,
          ...((waiting ?? 0) >= HEAVY_PERCENT ? { attention: true } : {}),
        },
        {
          label: 'Programs ended for lack of it',
          value: `${killed} since the start`,
          ...(killed > 0 ? { attention: true } : {}),
        },
      ],
    });
    await emit({
      kind: 'table',
      title: 'Programs by memory in use',
      columns: [
        { key: 'program', title: 'Program' },
        { key: 'processes', title: 'Processes', align: 'right', unit: 'count' },
        { key: 'memory', title: 'Memory', align: 'right', unit: 'bytes' },
      ],
      rows: await largestPrograms(probe),
    });
    return `${bytes(used)} of ${bytes(now.total)} in use${low ? ', nearly all' : ''}`;
  },
};

/** Processes of the same program together: a browser is one program to its user. */
async function largestPrograms(probe: Probe): Promise<[string, number, number][]> {
  const programs = new Map<string, { processes: number; memory: number }>();
  await inBatches(await listProcesses(probe), async (process) => {
    const details = await readDetails(probe, process.pid);
    if (details === undefined || details.residentBytes === 0) return;
    const name = await programOf(probe, process);
    const program = programs.get(name) ?? { processes: 0, memory: 0 };
    program.processes += 1;
    program.memory += details.residentBytes;
    programs.set(name, program);
  });
  return [...programs]
    .map(([name, { processes, memory }]): [string, number, number] => [name, processes, memory])
    .sort((one, other) => other[2] - one[2])
    .slice(0, SHOWN);
}

/** Percent of the last minute in which at least one program stood still; kernels before 4.20 do not say. */
async function pressure(probe: Probe): Promise<number | undefined> {
  const found = /^some .*avg60=([\d.]+)/m.exec((await probe.readText('/proc/pressure/memory')) ?? '')?.[1];
  return found === undefined ? undefined : Number(found);
}
