// Maker, firmware, memory modules, graphics and battery: what decides whether a part is to be replaced.

import type { z } from 'zod';
import { bytes, count } from '../amounts.ts';
import { type Diagnostic, DiagnosticUnavailable } from '../diagnostic.ts';
import { HARDWARE_ARGV, Hardware } from '../hardware-reader.ts';

const WORN_PERCENT = 60; // of the capacity that a battery had when new

export const hardware: Diagnostic = {
  descriptor: {
    id: 'hardware',
    title: 'Hardware',
    purpose: 'Shows the maker and model of this computer, its memory modules, graphics, and the health of its battery.',
    risk: 'none',
    platforms: ['linux'],
    parameters: [],
    timeoutMs: 30_000,
    streams: false,
  },
  async run({ probe, emit, progress }) {
    await progress('Reading what the hardware says about itself');
    const found = parse((await probe.run(HARDWARE_ARGV)).out);
    const { system, bios, cpu, battery } = found;
    // Without administrator rights or in a virtual machine there is one nameless "module": the whole memory.
    const modules = found.memory.filter((module) => module.type !== '' || module.bank !== '');
    const worn = battery.hasBattery && battery.health !== null && battery.health < WORN_PERCENT;
    await emit({
      kind: 'facts',
      title: 'Hardware',
      items: [
        { label: 'Maker', value: system.manufacturer || 'not stated' },
        { label: 'Model', value: system.model || 'not stated' },
        {
          label: 'Virtual machine',
          value: system.virtual ? system.virtualHost || 'yes' : cpu.flags.includes('hypervisor') ? 'yes' : 'no',
        },
        {
          label: 'Firmware',
          value: [bios.vendor, bios.version, bios.releaseDate].filter(Boolean).join(' ') || 'not stated',
        },
        { label: 'Processor', value: `${cpu.manufacturer} ${cpu.brand}, ${count(cpu.physicalCores, 'core')}` },
        ...(modules.length === 0 ? [{ label: 'Memory modules', value: 'not stated, or only to administrators' }] : []),
        ...(battery.hasBattery
          ? [
              {
                label: 'Battery',
                value: `${battery.percent} %${battery.isCharging ? ', charging' : ''}`,
              },
              {
                label: 'Battery health',
                value: battery.health === null ? 'not stated' : `${battery.health} % of the capacity when new`,
                ...(worn ? { attention: true } : {}),
              },
            ]
          : [{ label: 'Battery', value: 'none' }]),
      ],
    });
    if (modules.length > 0)
      await emit({
        kind: 'table',
        title: 'Memory modules',
        columns: [
          { key: 'slot', title: 'Slot' },
          { key: 'size', title: 'Size', align: 'right', unit: 'bytes' },
          { key: 'type', title: 'Type' },
          { key: 'clock', title: 'MHz', align: 'right' },
          { key: 'maker', title: 'Maker' },
        ],
        rows: modules.map((module) => [
          module.bank || null,
          module.size,
          module.type || null,
          module.clockSpeed || null,
          module.manufacturer || null,
        ]),
      });
    if (found.graphics.length > 0)
      await emit({
        kind: 'table',
        title: 'Graphics',
        columns: [
          { key: 'model', title: 'Model' },
          { key: 'maker', title: 'Maker' },
        ],
        rows: found.graphics.map((card) => [card.model, card.vendor]),
      });
    const total = found.memory.reduce((sum, module) => sum + module.size, 0);
    const name =
      [system.manufacturer, system.model].filter(Boolean).join(' ') || 'a computer that does not state its model';
    return `${name}, ${bytes(total)} of memory${worn ? ', the battery is worn out' : ''}`;
  },
};

function parse(json: string): z.infer<typeof Hardware> {
  try {
    return Hardware.parse(JSON.parse(json));
  } catch (cause) {
    throw new DiagnosticUnavailable('the hardware could not be read', { cause });
  }
}
