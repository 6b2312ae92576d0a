// The figures that are measured, each for every target in turn: rounds alternate, so that a slow minute hurts all alike.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { writeLogText } from './log-text.ts';
import { MeasuredShell } from './measured-shell.ts';
import { cutOff, recordingCost } from './ours.ts';
import { type Memory, memoryOf } from './process-tree.ts';
import { connectToPrompt } from './prompting.ts';
import { randomFrom } from './random.ts';
import { median, percentile, type Row } from './statistics.ts';
import type { Connection, Target } from './target.ts';

const MB = 1e6;
const BULK_BYTES = 48 * MB; // about a second, far above the start of a command
const SETTLE_MS = 1000; // garbage of the last connection is gone, and freed pages are given back

/** How much is measured; the quick one only shows that everything works. */
export interface Effort {
  readonly rounds: number;
  readonly keystrokes: number;
  readonly openings: number;
  readonly sessions: number;
}
export const THOROUGH: Effort = { rounds: 5, keystrokes: 600, openings: 20, sessions: 10 };
export const QUICK: Effort = { rounds: 1, keystrokes: 50, openings: 2, sessions: 2 };

type Figure = (targets: readonly Target[], effort: Effort) => Promise<Row[]>;

/** Memory first: what the others leave behind in the daemon is a figure of its own, at the end. */
export const FIGURES = { memory, echo, bulk, recording, opening, cold, cutoff, leftover } satisfies Record<
  string,
  Figure
>;

/** Keystrokes through a raw pty to `cat` and back, typed with pauses of 1 to 5 ms. */
async function echo(targets: readonly Target[], { rounds, keystrokes }: Effort): Promise<Row[]> {
  const samples = await alternate(targets, rounds, async (target, round) => {
    await using connection = await target.connect();
    const shell = await plainShell(connection);
    await shell.startCat();
    const random = randomFrom(round);
    const delays: number[] = [];
    for (let count = 0; count < keystrokes; count++) {
      delays.push(await shell.keystroke('x'));
      await pause(1 + random() * 4);
    }
    return delays.slice(Math.ceil(keystrokes / 6)); // the first ones warm both sides up
  });
  const delays = samples.map((perRound) => perRound.flat());
  return [
    row('keystroke echo, p50', 'ms', delays, (all) => percentile(all, 50), { ratio: 'at most', of: 1.3 }),
    row('keystroke echo, p99', 'ms', delays, (all) => percentile(all, 99), { ratio: 'at most', of: 2 }),
  ];
}

/** `cat` of a large log through a pty; bytes of the file by the time until its last byte is here. */
async function bulk(targets: readonly Target[], { rounds }: Effort): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'chaperone-logs-'));
  try {
    const rows: Row[] = [];
    for (const kind of ['plain', 'coloured'] as const) {
      const file = join(folder, kind);
      writeLogText(file, BULK_BYTES, kind === 'coloured');
      const size = statSync(file).size;
      const rates = await alternate(targets, rounds, async (target) => {
        await using connection = await target.connect();
        const shell = await plainShell(connection);
        const { bytes, durationMs } = await shell.run(`cat ${file}`);
        if (bytes < size) throw new Error(`${target.name} lost output: ${bytes} of ${size} bytes`);
        return size / MB / (durationMs / 1000);
      });
      rows.push(row(`${kind} log text`, 'MB/s', rates, median, { ratio: 'at least', of: 0.7 }));
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function recording(targets: readonly Target[], { rounds }: Effort): Promise<Row[]> {
  return recordingCost(targets, rounds, BULK_BYTES);
}

function cutoff(targets: readonly Target[], { rounds }: Effort): Promise<Row[]> {
  return cutOff(targets, rounds * 2);
}

/** From the TCP connection, and from the request for a pty, to the first byte of the shell; answers of people excluded. */
async function opening(targets: readonly Target[], { openings }: Effort): Promise<Row[]> {
  const samples = await alternate(targets, openings, async (target) => {
    await using connection = await target.connect();
    const asked = performance.now();
    const shell = await MeasuredShell.open(connection.client);
    const first = await shell.nextByteAt();
    return { all: first - connection.begunAt - connection.waitedForPersonMs, channel: first - asked };
  });
  const part = (name: 'all' | 'channel') => samples.map((perTarget) => perTarget.map((sample) => sample[name]));
  return [
    row('connect to first byte', 'ms', part('all'), median, { ratio: 'at most', of: 0.25 }),
    row('pty and shell to first byte', 'ms', part('channel'), median),
    ...(await connectToPrompt(targets, openings)),
  ];
}

/** The client program from its start to its exit. */
async function cold(targets: readonly Target[], { openings }: Effort): Promise<Row[]> {
  const samples = await alternate(targets, openings, async (target) => {
    const { durationMs, waitedForPersonMs } = await target.coldStart();
    return durationMs - waitedForPersonMs;
  });
  return [row('cold start of the client', 'ms', samples, median)];
}

/** Memory of the server with nobody logged in, and what each session with an idle shell adds. */
async function memory(targets: readonly Target[], { sessions }: Effort): Promise<Row[]> {
  const idle: Memory[] = [];
  const busy: Memory[] = [];
  for (const target of targets) {
    await (await target.connect())[Symbol.asyncDispose](); // what is loaded only once is not a session's
    await pause(SETTLE_MS);
    idle.push(memoryOf(target.serverProcesses()));
    const connections: Connection[] = [];
    try {
      for (let count = 0; count < sessions; count++) {
        const connection = await target.connect();
        connections.push(connection);
        await plainShell(connection);
      }
      await pause(SETTLE_MS);
      busy.push(memoryOf(target.serverProcesses()));
    } finally {
      for (const connection of connections) await connection[Symbol.asyncDispose]();
    }
  }
  const perSession = (field: keyof Memory) =>
    idle.map((before, index) => ((busy[index]?.[field] ?? Number.NaN) - before[field]) / sessions);
  return [
    { label: 'idle, resident', unit: 'MiB', values: idle.map((m) => m.residentMiB), aim: { value: 'at most', of: 90 } },
    { label: 'idle, proportional', unit: 'MiB', values: idle.map((m) => m.proportionalMiB) },
    {
      label: 'per session, resident',
      unit: 'MiB',
      values: perSession('residentMiB'),
      aim: { value: 'at most', of: 1 },
    },
    { label: 'per session, proportional', unit: 'MiB', values: perSession('proportionalMiB') },
  ];
}

/** Memory of the server with nobody logged in, after all that was measured before. */
async function leftover(targets: readonly Target[]): Promise<Row[]> {
  await pause(SETTLE_MS);
  const values = targets.map((target) => memoryOf(target.serverProcesses()).residentMiB);
  return [{ label: 'idle after all of this, resident', unit: 'MiB', values }];
}

async function plainShell(connection: Connection): Promise<MeasuredShell> {
  const shell = await MeasuredShell.open(connection.client);
  await shell.becomePlain();
  return shell;
}

/** Samples by target; each round visits every target, in turn from the other end. */
async function alternate<Sample>(
  targets: readonly Target[],
  rounds: number,
  measure: (target: Target, round: number) => Promise<Sample>,
): Promise<Sample[][]> {
  const samples: Sample[][] = targets.map(() => []);
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? [...targets.keys()] : [...targets.keys()].reverse();
    for (const index of order) {
      const target = targets[index];
      if (target !== undefined) samples[index]?.push(await measure(target, round));
    }
  }
  return samples;
}

function row(
  label: string,
  unit: string,
  samples: readonly (readonly number[])[],
  summary: (samples: readonly number[]) => number,
  aim?: Row['aim'],
): Row {
  const values = samples.map(summary);
  return aim === undefined ? { label, unit, values } : { label, unit, values, aim };
}
