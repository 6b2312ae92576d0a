// Which programs keep the computer busy right now: two looks, one second apart.

import { count } from '../amounts.ts';
import { type Diagnostic, integerOf, textOf } from '../diagnostic.ts';
import { readAccounts } from '../linux/accounts.ts';
import { cpuPercent, parseCpu } from '../linux/kernel-tables.ts';
import { describeProgram, inBatches, listProcesses, type Process, programOf, readDetails } from '../linux/processes.ts';
import type { Probe } from '../probe.ts';

const LOOK_MS = 1_000;
const BUSY_PERCENT = 50; // of the whole computer, by one process
const STUCK_STATE = 'D';

export const busyPrograms: Diagnostic = {
  descriptor: {
    id: 'busy-programs',
    title: 'Busiest programs',
    purpose:
      'Shows which programs use the processor and the memory most. Shows their names and who runs them, not which files they have open.',
    risk: 'none',
    platforms: ['linux'],
    parameters: [
      {
        kind: 'choice',
        name: 'sort',
        title: 'Sort by',
        required: false,
        default: 'processor',
        choices: ['processor', 'memory'],
        hint: 'processor or memory',
      },
      {
        kind: 'integer',
        name: 'count',
        title: 'How many',
        required: false,
        default: 15,
        min: 1,
        max: 100,
        hint: 'how many programs to list, 1 to 100',
      },
    ],
    timeoutMs: 20_000,
    streams: false,
  },
  async run({ probe, emit, progress, parameters }) {
    const shown = integerOf(parameters, 'count') ?? 15;
    const byMemory = textOf(parameters, 'sort') === 'memory';
    await progress('Watching for a second');
    const before = await look(probe);
    await probe.pause(LOOK_MS);
    const after = await look(probe);
    const passed = after.total - before.total;
    const all = await inBatches(after.processes, async (process) => {
      const details = await readDetails(probe, process.pid);
      const earlier = before.ticks.get(`${process.pid}:${process.startTicks}`) ?? process.ticks;
      const percent = passed <= 0 ? 0 : Math.min(100, ((process.ticks - earlier) / passed) * 100);
      return {
        process,
        percent: Math.round(percent * 10) / 10,
        memory: details?.residentBytes ?? 0,
        uid: details?.uid,
      };
    });
    all.sort((one, other) =>
      byMemory
        ? other.memory - one.memory || other.percent - one.percent
        : other.percent - one.percent || other.memory - one.memory,
    );
    const top = all.slice(0, shown);
    const account = await readAccounts(
      probe,
      top.flatMap((entry) => entry.uid ?? []),
    );
    const names = await inBatches(top, (entry) => describeProgram(probe, entry.process));
    await emit({
      kind: 'table',
      title: byMemory ? 'Programs by memory' : 'Programs by processor',
      columns: [
        { key: 'program', title: 'Program' },
        { key: 'pid', title: 'Number', align: 'right' },
        { key: 'user', title: 'Run by' },
        { key: 'processor', title: 'Processor', align: 'right', unit: 'percent' },
        { key: 'memory', title: 'Memory', align: 'right', unit: 'bytes' },
        { key: 'state', title: 'State' },
      ],
      rows: top.map(({ process, percent, memory, uid }, index) => [
        names[index] ?? process.name,
        process.pid,
        uid === undefined ? null : account(uid),
        percent,
        memory,
        stateWord(process.state),
      ]),
      attention: top.flatMap((entry, row) =>
        entry.percent >= BUSY_PERCENT || entry.process.state === STUCK_STATE ? [row] : [],
      ),
      omitted: all.length - top.length,
    });
    const busiest = all.toSorted((one, other) => other.percent - one.percent)[0];
    const name = busiest === undefined || busiest.percent === 0 ? undefined : await programOf(probe, busiest.process);
    const whole = Math.round(cpuPercent(before.cpu, after.cpu));
    return `the processor is ${whole} % busy with ${count(all.length, 'process', 'processes')}; the busiest is ${
      name === undefined ? 'none' : `${name} (${busiest?.percent} %)`
    }`;
  },
};

async function look(probe: Probe) {
  const cpu = parseCpu((await probe.readText('/proc/stat', 4 * 1024 * 1024)) ?? '').all; // interrupts fill big machines' files
  const processes: Process[] = await listProcesses(probe);
  const ticks = new Map(processes.map((process) => [`${process.pid}:${process.startTicks}`, process.ticks]));
  return { cpu, total: cpu.total, processes, ticks };
}

const STATES: Readonly<Record<string, string>> = {
  R: 'working',
  S: 'waiting',
  I: 'waiting',
  D: 'waiting for a disk',
  Z: 'ended',
  T: 'stopped',
  t: 'stopped',
};

const stateWord = (state: string): string => STATES[state] ?? 'unknown';
