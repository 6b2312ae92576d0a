// Reads hardware facts with systeminformation, in a process of its own: the package runs shell commands inside, some
// built from names that the machine reports. So it gets a bare environment and constant calls, can be killed with all
// that it started, and costs the daemon no memory. This file is both the caller's contract and that process.

import { z } from 'zod';

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const number = z
  .number()
  .nullish()
  .transform((value) => (value !== null && value !== undefined && Number.isFinite(value) ? value : 0));

/** What the process prints, as one line of JSON. */
export const Hardware = z.object({
  system: z.object({ manufacturer: text, model: text, virtual: z.boolean().catch(false), virtualHost: text }),
  bios: z.object({ vendor: text, version: text, releaseDate: text }),
  cpu: z.object({ manufacturer: text, brand: text, physicalCores: number, flags: text }),
  memory: z
    .array(z.object({ bank: text, size: number, type: text, clockSpeed: number, manufacturer: text }))
    .transform((modules) => modules.filter((module) => module.size > 0).slice(0, 64)),
  graphics: z.array(z.object({ model: text, vendor: text })).transform((cards) => cards.slice(0, 16)),
  battery: z
    .object({
      hasBattery: z.boolean(),
      isCharging: z.boolean(),
      percent: number,
      maxCapacity: number,
      designedCapacity: number,
    })
    .transform((battery) => ({
      ...battery,
      /** Percent of the capacity when new; null when it is not told. */
      health:
        battery.designedCapacity > 0
          ? Math.min(100, Math.round((battery.maxCapacity / battery.designedCapacity) * 100))
          : null,
    })),
});

const READ = '--read-hardware';

/** Runs this very file as a program, with the Node that runs the daemon. */
export const HARDWARE_ARGV = [process.execPath, import.meta.filename, READ] as const;

async function read(): Promise<void> {
  const { default: machine } = await import('systeminformation');
  const [system, bios, cpu, memory, graphics, battery] = await Promise.all([
    machine.system(),
    machine.bios(),
    machine.cpu(),
    machine.memLayout(),
    machine.graphics(),
    machine.battery(),
  ]);
  process.stdout.write(`${JSON.stringify({ system, bios, cpu, memory, graphics: graphics.controllers, battery })}\n`);
}

if (process.argv[1] === import.meta.filename && process.argv[2] === READ) await read();
