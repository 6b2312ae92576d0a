// Three projects: unit tests in parallel, then the dashboard's in terminals, then end-to-end tests (each
// starts daemons, tmux or sshd of its own). The latter two run compiled programs, and so are built first.
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { PatientFirst } from './test/patient-first.ts';

// What crosses programs: runs the compiled ones.
const DASHBOARD = 'test/dashboard/**';
const END_TO_END = 'test/**';

const everywhere = { setupFiles: ['test/environment.ts'], pool: 'forks' } as const;

export default defineConfig({
  test: {
    // vitest leaves one core idle by default: half of a small machine
    maxWorkers: availableParallelism(),
    sequence: { sequencer: PatientFirst },
    projects: [
      {
        test: {
          ...everywhere,
          name: 'unit',
          include: ['{protocol,daemon,tui,hub,scripts}/**/*.test.{ts,tsx}'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...everywhere,
          name: 'dashboard',
          include: [`${DASHBOARD}/*.test.{ts,tsx}`],
          globalSetup: ['test/harness/build.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...everywhere,
          name: 'e2e',
          maxWorkers: availableParallelism() + 1, // they mostly wait for people, clocks and terminals
          include: [`${END_TO_END}/*.test.{ts,tsx}`],
          exclude: [DASHBOARD],
          globalSetup: ['test/harness/build.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
