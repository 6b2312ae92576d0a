// After an attack: the same daemon still runs, has not grown, and an honest session works as ever.

import { expect } from 'vitest';
import type { RealMachine } from '../harness/real-machine.ts';

const MEMORY_MAX_MIB = 300; // a daemon at rest has about 100; what is kept back or queued without end has gigabytes

/** Fails when the daemon is not the process `pid` any more, is large, or cannot hold a session. */
export async function expectHealthy(machine: RealMachine, pid: number): Promise<void> {
  expect(machine.memoryMiB()).toBeLessThan(MEMORY_MAX_MIB);
  const status = await machine.status();
  expect(status.pid).toBe(pid);
  expect(status.log.healthy).toBe(true);
  await using technician = await machine.session();
  const shell = await technician.shell();
  shell.enter('echo "all $((40 + 2)) well"');
  await shell.until('all 42 well');
  const control = await technician.control();
  expect((await control.request('session.info')).error).toBeUndefined();
  await machine.end();
  expect((await shell.closed).code).toBe(6);
}
