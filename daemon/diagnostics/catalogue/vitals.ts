// One sample a second of how the machine is doing, until someone stops it: what the charts are drawn from.

import { type Diagnostic, integerOf } from '../diagnostic.ts';
import { readVitals, sampleBetween } from '../linux/vitals.ts';

const PERIOD_MS = 1_000;
const LONGEST_SECONDS = 2 * 60 * 60; // as long as a session may last by default

export const vitals: Diagnostic = {
  descriptor: {
    id: 'vitals',
    title: 'Live vitals',
    purpose: 'Shows how busy the processor, memory, disks and network are, second by second, until it is stopped.',
    risk: 'none',
    platforms: ['linux'],
    parameters: [
      {
        kind: 'integer',
        name: 'seconds',
        title: 'Seconds',
        required: false,
        min: 1,
        max: LONGEST_SECONDS,
        hint: 'stop by itself after so many samples; without it, it goes on until it is stopped',
      },
    ],
    timeoutMs: LONGEST_SECONDS * 1000,
    streams: true,
  },
  async run({ probe, emit, signal, parameters }) {
    const wanted = integerOf(parameters, 'seconds') ?? Number.POSITIVE_INFINITY;
    let previous = await readVitals(probe);
    let due = performance.now() + PERIOD_MS;
    for (let taken = 0; taken < wanted; taken += 1) {
      await probe.pause(Math.max(0, due - performance.now()));
      const current = await readVitals(probe, previous);
      await emit(sampleBetween(previous, current));
      signal.throwIfAborted();
      previous = current;
      // A reader that is slower than the period gets fewer samples, never a backlog.
      due = Math.max(due + PERIOD_MS, performance.now());
    }
    return `${wanted} seconds were shown`;
  },
};
