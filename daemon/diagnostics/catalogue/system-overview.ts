// The first thing a technician wants to know: what is this machine, since when does it run, is it in trouble.

import { arch, availableParallelism, cpus, hostname, release, type, uptime } from 'node:os';
import { bytes, count, duration, moment } from '../amounts.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { parseAssignments, parseLoad, parseMemory } from '../linux/kernel-tables.ts';
import type { Probe } from '../probe.ts';

const BUSY_LOAD_PER_CORE = 1.5; // programs waiting for each processor, averaged over five minutes

export const systemOverview: Diagnostic = {
  descriptor: {
    id: 'system-overview',
    title: 'System overview',
    purpose: 'Shows what kind of computer this is, which system it runs, and how long it has been switched on.',
    risk: 'none',
    platforms: ['linux'],
    parameters: [],
    timeoutMs: 10_000,
    streams: false,
  },
  async run({ probe, emit }) {
    const system = parseAssignments((await probe.readText('/etc/os-release')) ?? '');
    const memory = parseMemory((await probe.readText('/proc/meminfo')) ?? '');
    const load = parseLoad((await probe.readText('/proc/loadavg')) ?? '');
    const name = system.get('PRETTY_NAME') ?? type();
    const processors = availableParallelism();
    const restart = await probe.modified('/run/reboot-required');
    const busy = load[1] > processors * BUSY_LOAD_PER_CORE;
    await emit({
      kind: 'facts',
      title: 'This computer',
      items: [
        { label: 'Name', value: hostname() },
        { label: 'System', value: name },
        { label: 'Kernel', value: `${type()} ${release()} (${arch()})` },
        { label: 'Model', value: await model(probe) },
        { label: 'Processor', value: `${cpus()[0]?.model.trim() || 'unknown'}, ${count(processors, 'core')}` },
        { label: 'Memory', value: `${bytes(memory.total)}, ${bytes(memory.available)} available` },
        { label: 'Running for', value: duration(uptime()) },
        { label: 'Started', value: moment(Date.now() - uptime() * 1000) },
        { label: 'Clock', value: moment(Date.now()) },
        { label: 'Time zone', value: Intl.DateTimeFormat().resolvedOptions().timeZone },
        {
          label: 'Load',
          value: `${load.map((value) => value.toFixed(2)).join(', ')} (1, 5, 15 minutes)`,
          ...(busy ? { attention: true } : {}),
        },
        restart === undefined
          ? { label: 'Restart needed', value: 'no' }
          : { label: 'Restart needed', value: `yes, since ${moment(restart)}`, attention: true },
      ],
    });
    return `${name}, running for ${duration(uptime())}${restart === undefined ? '' : ', a restart is needed'}`;
  },
};

/** What the maker wrote into the firmware; virtual machines and containers often say nothing. */
async function model(probe: Probe): Promise<string> {
  const read = async (field: string) => (await probe.readText(`/sys/class/dmi/id/${field}`, 256))?.trim() ?? '';
  const parts = [await read('sys_vendor'), await read('product_name')].filter((part) => part !== '');
  if (parts.length > 0) return parts.join(' ');
  const board = (await probe.readText('/proc/device-tree/model', 256))?.replace(/\0/g, '').trim();
  return board || 'not stated by the hardware';
}
